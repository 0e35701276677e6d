import NIOCore
import NeffosSession
import Synchronization

/// What can be known of a connection, from anywhere.
extension Connection {
    /// Whether its client came back after a drop.
    public var wasReconnected: Bool { tries > 0 }

    /// The server that it is a connection of, which a handler needs to reach others than the members of a room; nil on a client.
    public var server: Server? { owner as? Server }

    /// The value that the application keeps with this connection under `key`, from anywhere; it goes with the connection.
    public subscript<Key: ConnectionKey>(key: Key.Type) -> Key.Value? {
        get { storage.value(of: key) }
        set { storage.set(newValue, of: key) }
    }

    /// Changes the value under `key` in one step.
    ///
    /// - Parameters:
    ///   - key: names the value.
    ///   - initial: what `change` gets where there is none yet.
    ///   - change: changes it, while nobody else can; it should be short.
    public func update<Key: ConnectionKey, Result>(
        _ key: Key.Type, default initial: @autoclosure () -> Key.Value, _ change: (inout Key.Value) throws -> Result
    ) rethrows -> Result {
        try storage.update(key, default: initial(), change)
    }

    /// Whether it has ended, or its end has begun: nothing that is sent reaches the other side any more.
    public var isClosed: Bool { isEnding.load(ordering: .acquiring) }

    /// How it ended, or, once a close frame was sent or received, how it will have; nil while it is open.
    public var closeInfo: CloseInfo? {
        get async { await read { $0.closeCause ?? ($0.phase == .closed ? .lost : nil) } }
    }

    /// Waits for the end of the connection.
    ///
    /// - Returns: how it ended.
    public func closed() async -> CloseInfo {
        await withCheckedContinuation { continuation in
            onLoop {
                if self.phase == .closed { return continuation.resume(returning: self.closeCause ?? .lost) }
                self.waitingForEnd = (self.waitingForEnd ?? []) + [continuation]
            }
        }
    }

    // MARK: Membership

    /// The namespaces it is in, in the order of connecting.
    public var namespaces: [String] {
        get async { await read { $0.machine.namespaces } }
    }

    /// The rooms of a namespace it is in, in the order of joining.
    public func rooms(in namespace: String) async -> [String] { await read { $0.machine.rooms(in: namespace) } }

    /// Whether it is in `namespace` now.
    public func isConnected(to namespace: String) async -> Bool { await namespaces.contains(namespace) }

    /// The connection in the namespace `name`, whether it is connected there or not.
    public func namespace(_ name: String) -> NamespaceConnection { NamespaceConnection(connection: self, namespace: name) }

    /// Waits until it is in a namespace, whoever asked for it.
    ///
    /// - Parameters:
    ///   - namespace: one that our handlers declare.
    ///   - deadline: how long that may take.
    /// - Throws: ``NeffosError``: `bad namespace` where our side does not declare it, `write closed` where the connection ends before, or
    ///   `timeout`; `CancellationError`.
    public func waitForConnect(to namespace: String, within deadline: Duration = answerWithin) async throws -> NamespaceConnection {
        guard endpoint.rules.declaredNamespaces.contains(namespace) else { throw NeffosError(.badNamespace) }
        try await awaitEntry(to: namespace, within: deadline)
        return NamespaceConnection(connection: self, namespace: namespace)
    }

    /// Leaves all namespaces, one after the other.
    ///
    /// - Throws: what the first that could not be left threw; the others are left all the same. See ``disconnect(from:within:)``.
    public func disconnectAll(within deadline: Duration = answerWithin) async throws {
        var failure: (any Error)?
        for namespace in await namespaces {
            do { try await disconnect(from: namespace, within: deadline) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Reads on the loop, at once if this is it.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Connection) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            onLoop { continuation.resume(returning: body(self)) }
        }
    }
}

extension CloseInfo {
    /// TCP went without a word.
    static let lost = CloseInfo(code: .abnormal, reason: "connection lost", by: .network)
}
