import Logging
import NIOCore
import Neffos
import NeffosWire
import Synchronization

/// What the client's tests share.
enum ClientFixture {
    /// Waits of a millisecond without chance.
    static var quick: ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.reconnect = Reconnection(interval: .milliseconds(1), jitter: 0)
        return configuration
    }

    /// Likewise, and tells its problems.
    static func quick(telling problems: ClientRecorder<String>) -> ClientConfiguration {
        var configuration = quick
        configuration.onProblem = { problems.add("\($0)") }
        return configuration
    }

    static var handlers: EventHandlers {
        var handlers = EventHandlers()
        for namespace in ["default", "other", "third"] { handlers.declare(namespace) }
        return handlers
    }

    static let logger = Logger(label: "client-tests") { _ in SwiftLogNoOpLogHandler() }

    static func client(
        _ url: String, _ configuration: ClientConfiguration = quick, handlers: EventHandlers = handlers,
        environment: ClientEnvironment = .live
    ) throws -> Client {
        try Client(url, configuration: configuration, handlers: handlers, logger: logger, environment: environment)
    }

    /// A client that is connected to a raw server under the id `one`.
    static func connected(
        to server: ClientRawServer, _ configuration: ClientConfiguration = quick, handlers: EventHandlers = handlers,
        environment: ClientEnvironment = .live
    ) async throws -> (client: Client, peer: RawPeer) {
        let client = try client(server.url, configuration, handlers: handlers, environment: environment)
        async let connecting: Void = client.connect()
        let (peer, _) = try await server.serve(id: "one")
        try await connecting
        return (client, peer)
    }
}

/// Steps that both sides take together.
extension ClientFixture {
    @discardableResult
    static func enter(_ client: Client, _ peer: RawPeer, _ name: String, rooms: [String]) async throws -> ClientNamespace {
        async let connected = client.connect(to: name)
        _ = try await peer.answer("_OnNamespaceConnect")
        let namespace = try await connected
        for room in rooms {
            async let joined = namespace.join(room)
            _ = try await peer.answer("_OnRoomJoin")
            _ = try await joined
        }
        return namespace
    }

    static func end(_ client: Client, _ peer: RawPeer) async throws {
        async let closing: Void = client.close()
        _ = try await peer.awaitClose()
        await closing
    }
}

extension AsyncStream<ClientState> {
    /// Waits for a state; gives those on the way, it included. All of them where the sequence ends before.
    @discardableResult
    func until(_ matches: @Sendable (ClientState) -> Bool) async -> [ClientState] {
        var seen: [ClientState] = []
        for await state in self {
            seen.append(state)
            if matches(state) { break }
        }
        return seen
    }
}

/// Collects what handlers see.
final class ClientRecorder<Entry: Sendable>: Sendable {
    private let entries = Mutex<[Entry]>([])
    var all: [Entry] { entries.withLock { $0 } }
    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
}
