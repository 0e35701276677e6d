public import NIOCore
import NeffosSession
import NeffosWire
import Synchronization

/// What the local side asks of the other (protocol sections 4 and 5).
extension Connection {
    /// How long an answer may take where the caller does not say.
    public static let answerWithin = Duration.seconds(30)

    /// Connects the other side to a namespace, after the local handler of `_OnNamespaceConnect` has let it.
    ///
    /// - Parameters:
    ///   - namespace: one that our handlers declare.
    ///   - deadline: how long the answer may take.
    /// - Throws: ``NeffosError`` with the text of whoever refused, or the ``KnownError`` it stands for; `write closed` or `timeout`;
    ///   `CancellationError`.
    @discardableResult
    public func connect(to namespace: String, within deadline: Duration = answerWithin) async throws -> NamespaceConnection {
        _ = try await operate(within: deadline) { $0.connect(namespace, operation: $1) }
        return NamespaceConnection(connection: self, namespace: namespace)
    }

    /// Leaves a namespace with all its rooms. Throws like ``connect(to:within:)``.
    public func disconnect(from namespace: String, within deadline: Duration = answerWithin) async throws {
        _ = try await operate(within: deadline) { $0.disconnect(namespace, operation: $1) }
    }

    /// Puts the connection into a room of a namespace it is connected to. Throws like ``connect(to:within:)``.
    public func join(_ room: String, in namespace: String, within deadline: Duration = answerWithin) async throws {
        _ = try await operate(within: deadline) { $0.join(namespace, room, operation: $1) }
    }

    /// Takes the connection out of a room. Throws like ``connect(to:within:)``.
    public func leave(_ room: String, in namespace: String, within deadline: Duration = answerWithin) async throws {
        _ = try await operate(within: deadline) { $0.leave(namespace, room, operation: $1) }
    }

    /// Sends a message and waits for its reply. Throws like ``connect(to:within:)``; a reply with an error is thrown.
    public func ask(_ message: Message, within deadline: Duration = answerWithin) async throws -> Message {
        try await operate(within: deadline) { $0.ask(message, operation: $1) }
    }

    /// Sends a message that expects no reply. It is dropped where the connection is closed or not in its namespace.
    public func emit(_ message: Message) {
        onLoop { self.perform(self.machine.emit(message), lane: .immediate) }
    }

    /// Sends a native message (protocol section 2). It is dropped where native messages have no handler here, or come beside others and the
    /// connection is not in the namespace `""`.
    public func emitNative(_ body: ByteBuffer, isBinary: Bool = false) {
        onLoop { if self.machine.takesNative { self.sendNative(body, isBinary: isBinary) } }
    }

    /// Sends `message` to all members of its room, or of its namespace where it names none; a native message (``SystemEventName/nativeMessage``
    /// of the namespace `""`) to its members, or to everybody where there are no others.
    public func broadcast(_ message: Message, toSender: Bool = true) {
        owner.broadcast(message, from: toSender ? nil : self)
        if loop.loop.inEventLoop { owner.throttle(self) }
    }

    /// Closes the connection with a close frame (protocol section 6).
    public func close(_ code: CloseCode = .normal, reason: String = "") {
        onLoop { self.close(code, reason: reason, by: self.isServer ? .server : .client) }
    }

    /// Cuts TCP as a lost network would: no close frame.
    package func drop() {
        onLoop { self.cut() }
    }

    func sendEmptyReply(to message: Message) {
        send(Message(wait: message.wait, isBinary: message.isBinary))
    }

    private static let nextOperation = Atomic<UInt64>(1)

    /// Asks, and tells the outcome on the connection's loop.
    ///
    /// - Parameter deadline: nil: whoever asks sees to it that there is an end.
    package func ask(
        _ message: Message, within deadline: Duration?, completion: @escaping @Sendable (Result<Message, any Error>) -> Void
    ) {
        let operation = Self.newOperation()
        onLoop { self.begin(operation, within: deadline, { $0.ask(message, operation: $1) }, { $0.add($2, $3) }, completion) }
    }

    /// Connects to a namespace, or joins a room of one, and tells the outcome on the connection's loop.
    func enter(
        _ namespace: String, room: String?, within deadline: Duration, completion: @escaping @Sendable (Result<Message, any Error>) -> Void
    ) {
        let operation = Self.newOperation()
        onLoop {
            self.begin(
                operation, within: deadline,
                { machine, operation in
                    room.map { machine.join(namespace, $0, operation: operation) } ?? machine.connect(namespace, operation: operation)
                }, { $0.add($2, $3) }, completion)
        }
    }

    private static func newOperation() -> OperationID { nextOperation.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Returns once it is in the namespace.
    func awaitEntry(to namespace: String, within deadline: Duration) async throws {
        _ = try await operate(
            within: deadline, { _, _ in [] },
            register: { operations, machine, operation, waiter in
                operations.awaitEntry(to: namespace, operation, waiter)
                guard machine.namespaces.contains(namespace) else { return }
                for waiter in operations.takeEntries(to: namespace) { waiter.finish(.success(Message(namespace: namespace))) }
            })
    }

    private typealias Register = @Sendable (inout PendingOperations, SessionMachine, OperationID, PendingOperations.Waiter) -> Void
    private typealias Start = @Sendable (inout SessionMachine, OperationID) -> [SessionAction]

    private func operate(
        within deadline: Duration, _ start: @escaping Start, register: @escaping Register = { $0.add($2, $3) }
    ) async throws -> Message {
        let operation = Self.newOperation()
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                onLoop { self.begin(operation, within: deadline, start, register) { continuation.resume(with: $0) } }
            }
        } onCancel: {
            // An operation that is not there yet ends at its deadline at the latest.
            onLoop {
                self.operations?.take(operation)?.complete(.failure(CancellationError()))
                self.perform(self.machine.expire(operation), lane: .immediate)
            }
        }
    }

    private func begin(
        _ operation: OperationID, within deadline: Duration?, _ start: Start, _ register: Register = { $0.add($2, $3) },
        _ completion: @escaping PendingOperations.Completion
    ) {
        guard phase == .open else { return completion(.failure(NeffosError(.writeClosed))) }
        let timer = deadline.map { deadline in
            loop.loop.scheduleTask(in: TimeAmount(deadline)) {
                self.perform(self.machine.expire(operation), lane: .immediate)
                self.operations?.take(operation)?.finish(.expired)
                self.settle()
            }
        }
        var pending = operations ?? PendingOperations()
        operations = nil
        register(&pending, machine, operation, .init(complete: endpoint.errors.recognizing(completion), deadline: timer))
        operations = pending
        perform(start(&machine, operation), lane: .immediate)
        closeIfStuck()
    }
}
