import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Neffos
import NeffosFeed
import Synchronization

// The code of the guide `Embedding.md` and of the README, as they show it.

struct User: Sendable, Hashable {
    var name: String
    var isStaff: Bool
}

/// Whom the guide's application knows.
struct Directory: Sendable {
    var users: [String: User]

    func name(of number: String) async -> String? { number == "7" ? "seven" : nil }
    func user(token: String?) async -> User? { token.flatMap { users[$0] } }
    func user(named name: String) async -> User? { users.values.first { $0.name == name } }
    func freshToken() async -> String { users.keys.first ?? "" }
}

struct Vote: Codable, Sendable {
    var option: String
}

struct Account: ConnectionKey {
    typealias Value = User
}

enum SeatError: String, KnownError {
    case taken = "the seat is taken"
    case closed = "the house is closed"
}

struct Board: NamespaceHandlers {
    let namespace = "board"
    let size: Int

    var events: [EventBinding] {
        on(.namespaceConnect, enter)
        on("place", as: [Int].self, place)
    }

    func enter(_ connection: NamespaceConnection, _ message: Message) throws {
        if connection.connection.key == nil { throw NeffosError("who are you") }
    }

    func place(_ connection: NamespaceConnection, _ point: [Int]) throws -> Reply {
        guard point.allSatisfy((0..<size).contains) else { throw NeffosError("off the board") }
        return .empty
    }
}

struct Doorman: FeedSink {
    func receive(_ batch: [FeedEntry]) {
        for entry in batch {
            switch entry.event.kind {
            case .connectionOpened(let opened): print("\(opened.remote) came in, after \(opened.tries) tries")
            case .connectionClosed(let closed): print("\(closed.connection) left: \(closed.code)")
            default: break
            }
        }
    }
}

enum Guide {
    static let logger = Logger(label: "guide") { _ in SwiftLogNoOpLogHandler() }

    static func serve() async throws {
        var handlers = EventHandlers()
        handlers.on("echo", in: "default") { _, message in .body(message.body) }
        let server = Server(configuration: ServerConfiguration(), handlers: handlers, logger: Logger(label: "app"))
        try await server.run()
    }

    /// Gives the handlers of a client beside.
    static func handle(_ handlers: inout EventHandlers, _ directory: Directory, _ logger: Logger) -> EventHandlers {
        handlers.on("shout", in: "default") { connection, message in
            guard !message.text.isEmpty else { throw NeffosError("say something") }
            return .text(message.text.uppercased())
        }
        handlers.on("look up", in: "default") { _, message in
            guard let name = await directory.name(of: message.text) else { throw NeffosError("nobody has this number") }
            return .text(name)
        }
        handlers.onAny(in: "default") { _, message in
            logger.info("no handler", metadata: ["event": "\(message.event)"])
            return .none
        }

        handlers.on(.roomJoin, in: "default") { connection, _ in
            if connection.room == "staff", connection.connection[Account.self]?.isStaff != true { throw NeffosError("staff only") }
        }
        handlers.on(.namespaceDisconnect, in: "default") { connection, _ in
            logger.info("left", metadata: ["id": "\(connection.connection.id)", "forced": "\(connection.isForced)"])
        }

        handlers.on("vote", in: "polls", as: Vote.self) { connection, vote in
            try connection.broadcast("voted", to: connection.room, vote)
            return .empty
        }
        handlers.on("sum", in: "polls", as: [Int].self, replying: Int.self) { _, numbers in numbers.reduce(0, +) }

        handlers.add(Board(size: 8))
        let all = EventHandlers(combining: [handlers, .relay(["news": ["post": .broadcast]])])
        handlers = all

        var seatClientHandlers = EventHandlers()
        for namespace in ["default", "polls", "board", "seats"] { seatClientHandlers.declare(namespace) }
        seatClientHandlers.on("screen size", in: "default") { _, _ in .text("80x24") }
        seatClientHandlers.on("who is free", in: "default") { _, _ in .text("me") }
        handlers.on("sit", in: "seats") { _, _ in throw SeatError.taken }
        seatClientHandlers.know(SeatError.self)

        handlers.use(lifecycle: true) { connection, message in
            guard connection.connection[Account.self] != nil else { throw NeffosError("log in first") }
            let event = message.event
            return .proceedThen { outcome in
                if case .failure(let error) = outcome { logger.debug("\(event) failed: \(error)") }
                return try outcome.get()
            }
        }

        handlers.on("say", in: "default") { connection, message in
            connection.broadcast("said", to: connection.room, message.text, toSender: false)
            return .none
        }
        return seatClientHandlers
    }

    static func sit(_ seats: ClientNamespace) async throws {
        do {
            _ = try await seats.ask("sit", "7")
        } catch SeatError.taken {
            print("another one, please")
        }
    }

    static func hooks(_ directory: Directory, _ logger: Logger) -> ServerHooks {
        var hooks = ServerHooks()
        hooks.authorize = { request in
            guard let user = await directory.user(token: request.header("Authorization")) else {
                return .refuse(status: .unauthorized, reason: "log in first")
            }
            return .accept(key: user.name)
        }
        hooks.onConnect = { connection in
            connection[Account.self] = await directory.user(named: connection.key ?? "")
            return Welcome(connect: ["default"], join: ["default": ["lobby"]])
        }
        hooks.onDisconnect = { connection, end in
            logger.info("gone", metadata: ["who": "\(connection.key ?? "")", "code": "\(end.code.rawValue)"])
        }
        hooks.onUpgradeError = { error in
            if !error.isTryingToReconnect { logger.info("\(error)") }
        }
        return hooks
    }

    static func endpoint(_ path: String) -> Server {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.path = path
        return Server(configuration: configuration, handlers: .defaultRelay, logger: logger)
    }

    static func share() async throws {
        let (chat, news) = (endpoint("/chat"), endpoint("/news"))
        try await chat.start(with: [news])
        for url in [chat.url, news.url] { await (try Client.dial(url)).close() }
        await chat.shutdown(grace: .zero)
    }

    /// Whatever is not an endpoint's.
    private final class Page: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
    }

    static func embed() async throws {
        let server = endpoint("/echo")
        let group = MultiThreadedEventLoopGroup.singleton
        try await server.start(on: group)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let page = Page()
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    try server.addUpgradeHandler(to: channel, removing: [page])
                    try pipeline.addHandler(page)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try await Client.dial("ws://127.0.0.1:\(listener.localAddress?.port ?? 0)/echo")
        await client.close()
        try await listener.close()
        await server.shutdown(grace: .zero)
    }

    static func speak(_ server: Server, to id: String) async throws {
        server.broadcast(Message(namespace: "default", room: "lobby", event: "notice", body: ByteBuffer(string: "closing soon")))
        server.broadcastToAll("notice", ByteBuffer(string: "closing now"))
        let size = try await server.ask(Message(namespace: "default", event: "screen size"), of: id)
        let (connection, answer) = try await server.askFirst(Message(namespace: "default", event: "who is free"), within: .seconds(2))
        for member in await server.members(of: "default", room: "lobby") { member.room("lobby", in: "default").emit("hello", "you") }
        let rooms = await server.rooms(in: "default")
        guard size.text == "80x24", connection.id == id, answer.text == "me", rooms == ["lobby": 1] else {
            throw NeffosError(.internalError)
        }
    }

    static func dial(_ clientHandlers: EventHandlers) async throws -> String {
        let client = try await Client.dial("ws://127.0.0.1:8080/echo", handlers: clientHandlers)
        let space = try await client.connect(to: "default")
        let lobby = try await space.join("lobby")
        lobby.emit("say", "hello")
        let reply = try await space.ask("echo", "hi")
        return reply.text
    }

    static func clientConfiguration(_ directory: Directory, _ logger: Logger) -> ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.reconnect = .exponential(first: .seconds(1), maximum: .seconds(30))
        configuration.freshHeaders = { [("Authorization", await directory.freshToken())] }
        configuration.shouldReconnect = { end, tries in tries < 100 }
        configuration.onProblem = { problem in logger.notice("\(problem)") }
        return configuration
    }

    static func watch(_ configuration: ServerConfiguration, _ handlers: EventHandlers) -> (server: Server, feed: EventFeed) {
        let feed = EventFeed(node: "web-1")
        feed.add(Doorman())
        feed.start()
        let watched = Server(configuration: configuration, handlers: handlers, feed: feed, logger: logger)
        return (watched, feed)
    }
}
