import Synchronization

/// What of a client can be read from anywhere: its state, id and present connection. Written on the client's loop only.
final class ClientStatus: Sendable {
    private struct Content: Sendable {
        var state = ClientState.idle
        var id = ""
        var connection: Connection?
        /// Of the last connection: the attempts that it took to come back.
        var tries = 0
        /// How the last connection ended.
        var lastClose: CloseInfo?
        /// Namespaces of the snapshot that have not been entered again yet.
        var away: Set<String> = []
        var listeners: [Int: AsyncStream<ClientState>.Continuation] = [:]
        var lastListener = 0
    }

    private let content = Mutex(Content())
    private let trace: (@Sendable (ClientTrace) -> Void)?

    init(trace: (@Sendable (ClientTrace) -> Void)? = nil) { self.trace = trace }

    /// States that a listener may be behind by, before it loses the oldest.
    private static let listenerBacklog = 64

    var state: ClientState { content.withLock { $0.state } }
    var id: String { content.withLock { $0.id } }
    var tries: Int { content.withLock { $0.tries } }
    var lastClose: CloseInfo? { content.withLock { $0.lastClose } }
    var connection: Connection? { content.withLock { $0.connection } }

    /// The present connection, if it is in the namespace again as far as we know.
    func connection(for namespace: String) -> Connection? {
        content.withLock { $0.away.contains(namespace) ? nil : $0.connection }
    }

    func publish(_ state: ClientState) {
        let ended = content.withLock { content -> [AsyncStream<ClientState>.Continuation] in
            content.state = state
            for listener in content.listeners.values { listener.yield(state) }
            guard case .closed = state else { return [] }
            defer { content.listeners = [:] }
            return Array(content.listeners.values)
        }
        trace?(.changed(state))
        // Outside of the lock: a stream that ends calls back to be removed.
        for listener in ended { listener.finish() }
    }

    /// The connection is there; `away` are the namespaces still to be entered again.
    func attach(_ connection: Connection, id: String, away: Set<String>) {
        content.withLock {
            $0.connection = connection
            $0.id = id
            $0.tries = connection.tries
            $0.away = away
        }
    }

    /// `connection` is gone; another may be there already.
    func detach(_ connection: Connection) {
        content.withLock {
            guard $0.connection === connection else { return }
            $0.connection = nil
            $0.away = []
        }
    }

    func ended(_ info: CloseInfo) { content.withLock { $0.lastClose = info } }

    func cameBack(to namespace: String) {
        content.withLock { _ = $0.away.remove(namespace) }
    }

    /// What is still away could not be entered again.
    func endRestoring() {
        content.withLock { $0.away = [] }
    }

    /// The states from now on, the present one first.
    func listen() -> AsyncStream<ClientState> {
        let (stream, continuation) = AsyncStream.makeStream(of: ClientState.self, bufferingPolicy: .bufferingNewest(Self.listenerBacklog))
        let listener = content.withLock { content -> Int? in
            continuation.yield(content.state)
            if case .closed = content.state { return nil }
            content.lastListener += 1
            content.listeners[content.lastListener] = continuation
            return content.lastListener
        }
        guard let listener else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.content.withLock { _ = $0.listeners.removeValue(forKey: listener) }
        }
        return stream
    }
}
