import Logging
import NIOCore
import NeffosSession
import NeffosWire

/// What all connections of a server's endpoint, or of a client, share. Immutable, so that a connection pays one pointer for it.
final class Endpoint: Sendable {
    let rules: SessionRules
    let handlers: HandlerTable
    let coder: any MessageCoder
    let errors: ErrorTexts
    let wireLimits: WireLimits
    /// What an outbox may hold before the next message is one too many, in bytes; 0: no bound.
    let outboxBytes: Int
    /// What may wait while a handler runs.
    let queueFrames: Int
    let queueBytes: Int
    /// How long the other side may take to answer our close frame.
    let closeWithin: TimeAmount
    let heartbeatEvery: TimeAmount
    let heartbeatTimeout: TimeAmount
    let floodLimits: FloodGuard.Limits
    let logger: Logger
    init(
        rules: SessionRules, handlers: EventHandlers, messageBytes: Int, outboxBytes: Int, queueFrames: Int = 64, queueBytes: Int = 1 << 20,
        closeWithin: TimeAmount = .seconds(5), heartbeatEvery: TimeAmount, heartbeatTimeout: TimeAmount, logger: Logger
    ) {
        self.rules = rules
        self.handlers = HandlerTable(handlers)
        self.coder = handlers.coder
        self.errors = ErrorTexts(handlers)
        self.wireLimits = WireLimits(messageBytes: messageBytes)
        self.outboxBytes = outboxBytes
        self.queueFrames = queueFrames
        self.queueBytes = queueBytes
        self.closeWithin = closeWithin
        self.heartbeatEvery = max(.zero, heartbeatEvery)
        self.heartbeatTimeout = max(.zero, heartbeatTimeout)
        self.floodLimits = FloodGuard.Limits(rules)
        self.logger = logger
    }

    /// The same with other limits.
    init(_ other: Endpoint, limits: ServerConfiguration.Limits) {
        rules = SessionRules(
            role: other.rules.role, declaredNamespaces: other.rules.declaredNamespaces, nativeMessages: other.rules.nativeMessages,
            namespacesPerConnection: limits.namespacesPerConnection, roomsPerConnection: limits.roomsPerConnection,
            roomNameBytes: other.rules.roomNameBytes, framesBeforeAck: other.rules.framesBeforeAck,
            bytesBeforeAck: other.rules.bytesBeforeAck)
        handlers = other.handlers
        coder = other.coder
        errors = other.errors
        wireLimits = WireLimits(messageBytes: limits.messageBytes)
        outboxBytes = limits.outboxBytes
        queueFrames = other.queueFrames
        queueBytes = other.queueBytes
        closeWithin = other.closeWithin
        heartbeatEvery = other.heartbeatEvery
        heartbeatTimeout = other.heartbeatTimeout
        floodLimits = FloodGuard.Limits(rules)
        logger = other.logger
    }
}

/// Whose connections they are: the server or a client. Called on the connection's loop.
protocol ConnectionOwner: AnyObject, Sendable {
    /// Server: decide whether to take the client, then call `accept()` or `refuse(_:)` of the connection, at once or later.
    func decideAcknowledgement(of connection: Connection)
    func acknowledged(_ connection: Connection)
    /// Client: the server refused, and closes next.
    func refused(_ connection: Connection, text: String)
    /// Sends a message to all members of its room or namespace.
    func broadcast(_ message: Message, from connection: Connection?)
    /// After a broadcast of the connection, on its loop: withhold its reads where other loops are too far behind.
    func throttle(_ connection: Connection)
    /// The last call about a connection.
    func closed(_ connection: Connection, info: CloseInfo)
}

extension ConnectionOwner {
    func throttle(_ connection: Connection) {}
}

/// How a connection ended (protocol section 6).
public struct CloseInfo: Sendable, Hashable {
    /// The code of the close frame; 1005 where it had none, 1006 where there was no close frame.
    public var code: CloseCode
    /// What the close frame said beside its code, or what became of the connection; it may be empty.
    public var reason: String
    /// Who ended it.
    public var by: Party

    /// Whether the client was lost, rather than leaving or being sent away.
    var isDrop: Bool {
        switch by {
        // A drill's drop is one; a kick has a code.
        case .operator: code == .abnormal
        case .network: true
        case .client: code != .normal && code != .goingAway
        case .server: code != .normal && code != .policyViolation
        }
    }

    /// Who ends a connection.
    public enum Party: String, Sendable, Hashable {
        /// The client, by its close frame or by what it did.
        case client
        /// The server, for whatever reason its code says.
        case server
        /// Whoever operates the server.
        case `operator`
        /// Nobody: it ended without a word.
        case network
    }
}
