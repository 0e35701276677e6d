public import NIOCore
import NeffosSession
public import NeffosWire
import Synchronization

/// What a server sends by itself, from anywhere.
extension Server {
    /// Sends `message` to all members of its room, or of its namespace where it names none; a native message
    /// (``SystemEventName/nativeMessage`` of the namespace `""`) to its members, or to everybody where there are no others. It is serialized
    /// once.
    ///
    /// A client that broadcasts faster than the server's loops deliver is read more slowly; whoever calls this on and on bounds itself.
    public func broadcast(_ message: Message, except connection: Connection? = nil) {
        broadcast(message, except: connection.map { [$0] } ?? [])
    }

    /// The same without any of these connections.
    public func broadcast(_ message: Message, except excluded: [Connection]) {
        running.withLock { $0?.broadcaster }?.broadcast(message, except: Exclusion(excluded))
    }

    /// Sends several messages, each as ``broadcast(_:except:)-(_,[Connection])`` does; each member gets those for it in this order.
    public func broadcast(_ messages: some Sequence<Message>, except excluded: [Connection] = []) {
        guard let broadcaster = running.withLock({ $0?.broadcaster }) else { return }
        let exclusion = Exclusion(excluded)
        for message in messages { broadcaster.broadcast(message, except: exclusion) }
    }

    /// Sends an event to everybody who is in any namespace: once in each namespace a connection is in.
    public func broadcastToAll(_ event: String, _ body: ByteBuffer, isBinary: Bool = false, except excluded: [Connection] = []) {
        broadcast(
            endpoint.rules.declaredNamespaces.sorted().map { Message(namespace: $0, event: event, isBinary: isBinary, body: body) },
            except: excluded)
    }

    /// Sends `message` to one connection.
    ///
    /// - Returns: false where no connection has this id. One that is not in the message's namespace gets nothing.
    @discardableResult
    public func send(_ message: Message, to id: String) -> Bool {
        guard let connection = connection(id) else { return false }
        connection.emit(message)
        return true
    }

    /// Asks one connection and waits for its reply.
    ///
    /// - Parameters:
    ///   - message: what is asked; the connection has to be in its namespace.
    ///   - id: whom.
    ///   - deadline: how long the reply may take.
    /// - Throws: ``NeffosError``: `write closed` where no connection has this id or it ends, `bad namespace` where it is not in the message's
    ///   namespace, `timeout`, or what it replied.
    public func ask(_ message: Message, of id: String, within deadline: Duration = Connection.answerWithin) async throws -> Message {
        guard let connection = connection(id) else { throw NeffosError(.writeClosed) }
        return try await connection.ask(message, within: deadline)
    }

    /// Asks all members of the message's room, or of its namespace where it names none, and gives the first reply.
    ///
    /// - Returns: the reply and who gave it.
    /// - Throws: ``NeffosError``: `bad namespace` where nobody is there, `timeout`, or, where all have failed, the last one's error;
    ///   `CancellationError`.
    public func askFirst(
        _ message: Message, except excluded: [Connection] = [], within deadline: Duration = Connection.answerWithin
    ) async throws -> (connection: Connection, reply: Message) {
        let exclusion = Exclusion(excluded)
        let asked = await members(of: message.namespace, room: message.room).filter { !exclusion.contains($0) }
        guard !asked.isEmpty else { throw NeffosError(.badNamespace) }
        let race = AskRace(asked.count)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                race.begin(continuation)
                for connection in asked {
                    connection.ask(message, within: deadline) { race.finish(connection, $0) }
                }
            }
        } onCancel: {
            race.cancel()
        }
    }
}
