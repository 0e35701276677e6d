public import Logging
public import NIOCore
public import NIOPosix
import NeffosSession

/// A neffos client: one connection to a server, which comes back by itself after it was lost (protocol section 7).
///
/// ```swift
/// var handlers = EventHandlers()
/// handlers.on("chat", in: "default") { _, message in print(message.text); return .none }
/// let client = try Client("ws://127.0.0.1:8080/echo", handlers: handlers, logger: Logger(label: "chat"))
/// try await client.connect()
/// let chat = try await client.connect(to: "default")
/// try await chat.join("lobby")
/// chat.emit("chat", to: "lobby", "hello")
/// ```
///
/// The object stays the same over all returns; its ``id`` does not. It lives until ``close(_:reason:)``, or until it has ended by itself
/// (``ClientState/closed(_:)``), whoever still refers to it.
public final class Client: Sendable {
    /// The URL as it was given.
    public let url: String
    private let reconnector: Reconnector

    /// - Parameters:
    ///   - url: `ws://` or `wss://`, with the endpoint's path.
    ///   - handlers: the namespaces that can be connected to and their events. They get the connection of the moment.
    ///   - group: the client lives on one of its loops.
    /// - Throws: ``ClientError/invalidURL(_:)``, ``ClientError/invalidTrust(_:)``.
    public convenience init(
        _ url: String, configuration: ClientConfiguration = ClientConfiguration(), handlers: EventHandlers,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) throws(ClientError) {
        try self.init(url, configuration: configuration, handlers: handlers, group: group, logger: logger, environment: .live)
    }

    /// For tests: time and chance come from `environment`.
    package init(
        _ url: String, configuration: ClientConfiguration = ClientConfiguration(), handlers: EventHandlers,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger, environment: ClientEnvironment
    ) throws(ClientError) {
        self.url = url
        let dialer = try Dialer(url: EndpointURL(url), configuration: configuration)
        // The server can put us only where we declare to be: namespaces are bounded by that, rooms need a bound.
        let rules = SessionRules(
            role: .client, declaredNamespaces: handlers.declaredNamespaces, nativeMessages: handlers.nativeMessages,
            namespacesPerConnection: 0, roomsPerConnection: 4096)
        let endpoint = Endpoint(
            rules: rules, handlers: handlers, messageBytes: configuration.messageBytes, outboxBytes: configuration.outboxBytes,
            heartbeatEvery: TimeAmount(configuration.heartbeat.every), heartbeatTimeout: TimeAmount(configuration.heartbeat.timeout),
            logger: logger)
        reconnector = Reconnector(
            loop: group.next(), endpoint: endpoint, dialer: dialer, configuration: configuration, environment: environment, logger: logger)
    }

    // MARK: State

    /// The id that the server gave last, empty before the first ack.
    public var id: String { reconnector.status.id }

    public var state: ClientState { reconnector.status.state }

    /// The states from now on, the present one first; each caller gets a sequence of its own. It ends after ``ClientState/closed(_:)``. Who is
    /// more than 64 states behind loses the oldest.
    public var states: AsyncStream<ClientState> { reconnector.status.listen() }

    /// The acknowledged connection of the moment, nil while there is none.
    public var connection: Connection? { reconnector.status.connection }

    // MARK: Connecting

    /// Dials and waits for the server's ack. When the connection is lost later, the client comes back by itself.
    ///
    /// - Throws: ``ClientError`` where the first dial fails, what ``ClientConfiguration/freshHeaders`` threw, or `CancellationError`; then it
    ///   may be called again.
    public func connect() async throws { try await reconnector.connect() }

    /// Connects to a namespace, which the handlers must have declared.
    ///
    /// - Parameter deadline: how long the answer may take.
    /// - Returns: the namespace, valid over all returns of this client.
    /// - Throws: ``NeffosError`` with the text of whoever refused, `write closed` where there is no connection, or `timeout`.
    @discardableResult
    public func connect(to namespace: String, within deadline: Duration = Connection.answerWithin) async throws -> ClientNamespace {
        guard let connection else { throw NeffosError(.writeClosed) }
        try await connection.connect(to: namespace, within: deadline)
        reconnector.status.cameBack(to: namespace)
        return ClientNamespace(client: self, namespace: namespace)
    }

    /// Leaves a namespace with all its rooms, for good: the client does not come back to it. While there is no connection that is all
    /// there is to do. Throws like ``connect(to:within:)``.
    public func disconnect(from namespace: String, within deadline: Duration = Connection.answerWithin) async throws {
        try await leave(namespace) { try await $0.disconnect(from: namespace, within: deadline) }
    }

    func leave(_ room: String, in namespace: String, within deadline: Duration) async throws {
        try await leave(namespace, room: room) { try await $0.leave(room, in: namespace, within: deadline) }
    }

    private func leave(_ namespace: String, room: String? = nil, _ ask: (Connection) async throws -> Void) async throws {
        let (connection, wasAwaited) = await reconnector.forget(namespace, room: room)
        guard let connection else {
            if wasAwaited { return }
            throw NeffosError(.writeClosed)
        }
        do {
            try await ask(connection)
        } catch let error as NeffosError where wasAwaited && (error.code == .badNamespace || error.code == .badRoom) {
            // It had not been entered again yet, and now is not.
        }
    }

    // MARK: Messages

    /// Sends a message that expects no reply.
    ///
    /// - Returns: false where it was refused because the client is away: not connected, or not back in the message's namespace yet.
    @discardableResult
    public func emit(_ message: Message) -> Bool {
        guard let connection = reconnector.status.connection(for: message.namespace) else { return false }
        connection.emit(message)
        return true
    }

    /// Sends a native message (protocol section 2). Returns like ``emit(_:)``.
    @discardableResult
    public func emitNative(_ body: ByteBuffer, isBinary: Bool = false) -> Bool {
        guard let connection else { return false }
        connection.emitNative(body, isBinary: isBinary)
        return true
    }

    /// Sends a message and waits for its reply, which must come over the same connection. Throws like ``connect(to:within:)``.
    public func ask(_ message: Message, within deadline: Duration = Connection.answerWithin) async throws -> Message {
        guard let connection else { throw NeffosError(.writeClosed) }
        return try await connection.ask(message, within: deadline)
    }

    // MARK: Ending

    /// Closes the connection with a close frame, gives up any way back, and returns when the connection is gone.
    public func close(_ code: CloseCode = .normal, reason: String = "") async { await reconnector.close(code, reason: reason) }

    /// Cuts TCP as a lost network would: no close frame. The client comes back.
    package func drop() { connection?.drop() }
}
