import Foundation
import Logging
import NIOCore
import Neffos
import NeffosFeed
import NeffosObservatory
import Synchronization
import TestSupport

@testable import NeffosAdmin

/// A real server with a real admin address, both stopped at the end.
final class AdminFixture: Sendable {
    let server: Server
    let feed: EventFeed
    let model: ObservatorySink
    let admin: AdminServer
    let control: RecordingControl
    let folder: String

    static let logger = Logger(label: "admin-tests") { _ in SwiftLogNoOpLogHandler() }

    private init(
        server: Server, feed: EventFeed, model: ObservatorySink, admin: AdminServer, control: RecordingControl, folder: String
    ) {
        self.server = server
        self.feed = feed
        self.model = model
        self.admin = admin
        self.control = control
        self.folder = folder
    }

    /// - Parameters:
    ///   - address: where the admin address is; nil: a Unix socket in a folder that is not there yet.
    ///   - starts: whether both are started.
    static func run(
        _ address: AdminConfiguration.Address? = nil, handlers: EventHandlers = .defaultRelay, node: String = "test",
        starts: Bool = true, isReadOnly: Bool = false,
        configure: (inout ServerConfiguration) -> Void = { _ in }, _ change: (inout AdminConfiguration) -> Void = { _ in },
        _ body: (AdminFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var serving = ServerConfiguration()
        serving.port = 0
        serving.eventLoops = 1
        serving.node = node
        configure(&serving)
        var configuration = AdminConfiguration(address: address ?? .socket(path: "\(folder)/admin.sock"))
        change(&configuration)
        let feed = EventFeed(node: node)
        let model = ObservatorySink(feed: feed)
        feed.add(model)
        let server = Server(configuration: serving, handlers: handlers, feed: feed, logger: logger)
        let control = RecordingControl(isReadOnly: isReadOnly)
        let admin = try AdminServer(configuration, of: server, feed: feed, model: model, control: control, logger: logger)
        feed.start()
        if starts {
            try await server.start()
            try await admin.start()
        }
        let fixture = AdminFixture(server: server, feed: feed, model: model, admin: admin, control: control, folder: folder)
        do {
            try await body(fixture)
            await fixture.stop()
        } catch {
            await fixture.stop()
            throw error
        }
    }

    func stop() async {
        await server.shutdown(grace: .zero)
        await feed.ended()
        // Its consoles hear of the end, however busy the machine is.
        await admin.stop(grace: .seconds(10))
    }

    /// A client of the server that is in `default` and these rooms.
    func member(_ name: String, of rooms: [String] = []) async throws -> Client {
        var configuration = ClientConfiguration()
        configuration.headers = [("X-Username", name)]
        configuration.reconnect = .never
        var handlers = EventHandlers()
        handlers.declare("default")
        let client = try await Client.dial(server.url, configuration: configuration, handlers: handlers, logger: Self.logger)
        let namespace = try await client.connect(to: "default")
        for room in rooms { try await namespace.join(room) }
        return client
    }

    /// A console that keeps what it is told.
    func console(token: String? = nil) async throws -> TestConsole {
        let console = TestConsole()
        try await console.attach(to: admin.url, token: token)
        return console
    }
}

extension EventFeed {
    /// Stops it without blocking a task.
    func ended() async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                self.stop()
                continuation.resume()
            }
            thread.start()
        }
    }
}

/// What an attached console is told, and the model that it makes of it.
final class TestConsole: Sendable {
    struct Told: Sendable {
        var model: Observatory?
        var about: FeedAsk.About?
        var pictures = 0
        var sameRuns = 0
        var entries: [FeedEntry] = []
        var aways: [Int] = []
        var problems: [String] = []
        var ends: [ClientState.Reason] = []
    }

    private let told = Mutex(Told())
    private let connected = Mutex<FeedClient?>(nil)

    func attach(to url: String, token: String? = nil, certificates: [String] = [], interval: Duration = .milliseconds(10)) async throws {
        let client = try FeedClient(url, token: token, userAgent: "test", trusting: certificates) {
            $0.reconnect = Reconnection(interval: interval, jitter: 0)
        } tell: { [weak self] news in
            self?.take(news)
        }
        connected.withLock { $0 = client }
        try await client.start()
    }

    private func take(_ news: FeedClient.News) {
        told.withLock { told in
            switch news {
            case .picture(let model, let about, let isSameRun):
                told.model = model
                told.about = about
                told.pictures += 1
                if isSameRun { told.sameRuns += 1 }
            case .entry(let entry):
                told.entries.append(entry)
                _ = told.model?.apply(entry)
            case .away(let tries): told.aways.append(tries)
            case .problem(let text): told.problems.append(text)
            case .ended(let reason): told.ends.append(reason)
            }
        }
    }

    var now: Told { told.withLock { $0 } }
    var client: FeedClient { get throws { try connected.withLock { $0 }.unwrapped } }
    var control: FeedControl { get throws { FeedControl(try client, name: "test") } }

    func close() async { await connected.withLock { $0 }?.close() }

    /// Who is here as it sees it: ids with their rooms.
    var places: [String: [String: [String]]] {
        guard let model = now.model else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: model.snapshot.connections.map { ($0.connection, $0.namespaces.mapValues { $0.sorted() }) })
    }
}

struct Missing: Error {}

extension Optional {
    var unwrapped: Wrapped { get throws { if let self { self } else { throw Missing() } } }
}

extension Observatory {
    var places: [String: [String: [String]]] {
        Dictionary(uniqueKeysWithValues: snapshot.connections.map { ($0.connection, $0.namespaces.mapValues { $0.sorted() }) })
    }
}

/// A server's control that keeps what it is asked.
final class RecordingControl: OperatorControl {
    private let commands = Mutex<[OperatorCommand]>([])
    private let answer = Mutex<@Sendable (OperatorCommand) async -> OperatorOutcome>({ _ in OperatorOutcome(count: 1) })
    let isReadOnly: Bool

    init(isReadOnly: Bool = false) { self.isReadOnly = isReadOnly }

    var all: [OperatorCommand] { commands.withLock { $0 } }
    func onCommand(_ call: @escaping @Sendable (OperatorCommand) async -> OperatorOutcome) { answer.withLock { $0 = call } }

    func perform(_ command: OperatorCommand) async -> OperatorOutcome {
        commands.withLock { $0.append(command) }
        return await answer.withLock { $0 }(command)
    }
    func detail(of connection: String) async -> ConnectionDetails? {
        guard connection != "gone" else { return nil }
        return ConnectionDetails(
            connection: connection, target: "/echo", headers: [.init(name: "Host", value: "h")],
            figures: ConnectionFigures(connection: connection, messagesIn: 3))
    }
    func figures(of connections: [String]?) async -> [ConnectionFigures] {
        (connections ?? ["all"]).map { ConnectionFigures(connection: $0, messagesOut: 7) }
    }
}
