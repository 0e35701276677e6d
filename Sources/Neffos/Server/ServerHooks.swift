public import NIOHTTP1

/// What an application decides and hears about a server's connections, beside its handlers. Each may be left out.
public struct ServerHooks: Sendable {
    /// Gives a new connection its id, from its request; nil: a UUID. One that is in use gets `#2`, `#3`, …; a malformed one refuses the
    /// upgrade with 400 (protocol section 2). Called on the connection's event loop: it must not block.
    public var makeID: (@Sendable (UpgradeRequest) -> String?)?
    /// Decides about an upgrade before it is answered, and so before any frame. It may wait, within `handshakeWithin`; one that throws
    /// answers 500.
    public var authorize: (@Sendable (UpgradeRequest) async throws -> Authorization)?
    /// Decides about a connection when its client asks for the ack (protocol section 2). One that throws refuses it with the error's text.
    public var onConnect: (@Sendable (Connection) async throws -> Welcome)?
    /// Called after the ack, and after what the ``Welcome`` asked for: it may connect, join, ask and send freely. It runs beside the
    /// connection's handlers.
    public var onConnected: (@Sendable (Connection) async -> Void)?
    /// Hears of the end of each connection that was acknowledged, after the handlers of the forced events. Called on its event loop.
    public var onDisconnect: (@Sendable (Connection, CloseInfo) -> Void)?
    /// Hears of each request to the endpoint that did not become a connection. Called on an event loop.
    public var onUpgradeError: (@Sendable (UpgradeError) -> Void)?
    /// Answers a `GET` or `HEAD` of a path that is no endpoint's, such as `/healthz`; nil is answered 404. It may wait, within
    /// `handshakeWithin`. Nothing is read of a request's body: one that has one is refused. Of several endpoints at one address that of the
    /// one counts that was started; in an HTTP server of one's own it is not called.
    ///
    /// - Parameters:
    ///   - head: method, target and headers, 16 KiB at most. Everything in it may be invented.
    ///   - remote: `address:port` of the client, `unix` on a Unix socket.
    public var onRequest: (@Sendable (_ head: HTTPRequestHead, _ remote: String) async -> HTTPAnswer?)?

    /// Without any hook: everybody is accepted.
    public init() {}
}

/// Whether a request may become a connection.
public enum Authorization: Sendable {
    /// It may.
    ///
    /// - Parameters:
    ///   - key: who the client is across connections, in place of what the identity header says; nil leaves that as it is.
    ///   - headers: of the answer, such as `Set-Cookie`; those of the handshake are ours.
    case accept(key: String? = nil, headers: HTTPHeaders = [:])
    /// It may not, and gets this HTTP answer.
    ///
    /// - Parameters:
    ///   - status: from 400 on; others are answered as 401.
    ///   - reason: the body, and the reason in the feed.
    ///   - headers: beside ours, such as `WWW-Authenticate`.
    case refuse(status: HTTPResponseStatus = .unauthorized, reason: String = "unauthorized", headers: HTTPHeaders = [:])
}

/// What a server does with a client once it has accepted it (protocol section 2): these asks follow the ack, each after the answer to the
/// one before. A client that answers one with an error stays, without that namespace or room.
public struct Welcome: Sendable, Hashable {
    /// Namespaces to connect the client to, in order.
    public var connect: [String]
    /// Rooms to put the client into, by namespace; in order of the namespaces' names.
    public var join: [String: [String]]

    /// - Parameters: see the properties of the same names.
    public init(connect: [String] = [], join: [String: [String]] = [:]) {
        self.connect = connect
        self.join = join
    }
}

/// A request to an endpoint that did not become a connection.
public struct UpgradeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `address:port` of the client.
    public let remote: String
    /// What it was answered; nil where its TCP connection was closed without an answer.
    public let status: Int?
    /// Why, in a few words: what the answer said where there was one.
    public let reason: String
    /// Attempts that the client says it made in this outage.
    public let tries: Int
    /// Whether it was a client's `HEAD`, which asks whether the server is there, and no upgrade at all.
    public let isTryingToReconnect: Bool

    public var description: String {
        "\(remote): \(reason)\(status.map { " (\($0))" } ?? "")"
    }
}
