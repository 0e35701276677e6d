import NeffosFeed
import NeffosObservatory
import Neffos
import Synchronization

/// Gives the feed to every console that wants it, from a picture on: without a hole, without anything twice, and without ever waiting for one.
final class FeedHub: FeedSink {
    private struct State {
        /// Of the newest entry that was handed on.
        var seq = 0
        var sessions: [String: ConsoleSession] = [:]
        var taps = TapShares<String>()
        /// What consoles that are gone have missed.
        var missedBefore = 0
    }

    private let configuration: AdminConfiguration
    private let model: ObservatorySink
    private let feed: EventFeed
    private let state = Mutex(State())
    /// Tells a console that comes back whether this is the server that it knew.
    let run = String(UInt64.random(in: .min ... .max), radix: 16)

    /// How long the model may be behind before a console is told so.
    private static let patience = Duration.seconds(5)

    init(_ configuration: AdminConfiguration, model: ObservatorySink, feed: EventFeed) {
        self.configuration = configuration
        self.model = model
        self.feed = feed
    }

    // MARK: The feed

    func receive(_ batch: [FeedEntry]) {
        let isSnapshotNeeded = state.withLock { state in
            state.seq = batch.last?.seq ?? state.seq
            var isSnapshotNeeded = false
            for session in state.sessions.values {
                let isNeeded = session.append(
                    batch, isTapped: { state.taps.isTapping(session.id, $0) },
                    snapshot: { seq in self.model.read { $0.seq == seq ? $0.snapshot : nil } })
                isSnapshotNeeded = isSnapshotNeeded || isNeeded
            }
            if !state.taps.isEmpty {
                for entry in batch { if case .connectionClosed(let closed) = entry.event.kind { state.taps.forget(closed.connection) } }
            }
            return isSnapshotNeeded
        }
        if isSnapshotNeeded { feed.requestSnapshot() }
    }

    /// Says in the feed what came of a command that the engine never heard of.
    func record(_ command: OperatorCommand, _ outcome: OperatorOutcome) {
        feed.publish(OperatorText.event(of: command, target: OperatorText.targets(command), outcome))
    }

    // MARK: Consoles

    /// The session of this connection, which begins with its first ask.
    func session(of connection: Connection) -> ConsoleSession {
        state.withLock { state in
            if let session = state.sessions[connection.id], session.connection === connection { return session }
            let session = ConsoleSession(connection, bound: configuration.backlogEvents, byteBound: configuration.backlogBytes)
            state.sessions[connection.id] = session
            return session
        }
    }

    /// - Returns: connections that nobody taps any more.
    func end(_ connection: Connection) -> [String] {
        let (session, untapped) = state.withLock { state -> (ConsoleSession?, [String]) in
            guard let session = state.sessions[connection.id], session.connection === connection else { return (nil, []) }
            state.sessions[connection.id] = nil
            state.missedBefore += session.missed
            return (session, state.taps.removeAll(of: connection.id))
        }
        session?.end()
        return untapped
    }

    var consoles: Int { state.withLock { $0.sessions.count } }
    var missed: Int { state.withLock { state in state.sessions.values.reduce(state.missedBefore) { $0 + $1.missed } } }
    /// Whether every console has all there is.
    var isIdle: Bool { state.withLock { $0.sessions.values.allSatisfy(\.isIdle) } }
    var seq: Int { state.withLock { $0.seq } }

    /// The model as it is now, with the session's events beginning right behind it.
    ///
    /// - Throws: `NeffosError` where the model does not follow the feed.
    func attach(_ session: ConsoleSession) async throws(NeffosError) -> Observatory {
        let reached = state.withLock { state in
            session.collect()
            return state.seq
        }
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let picture = model.read { $0.seq >= reached ? $0 : nil }
            if let picture {
                session.skip(to: picture.seq)
                return picture
            }
            // It gets the batch that we have had already, or comes after us.
            guard ContinuousClock.now < deadline else { throw NeffosError("the model is behind the feed; try again") }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    // MARK: Taps

    func addTaps(_ connections: [String], of owner: String) -> [String]? { state.withLock { $0.taps.add(connections, for: owner) } }
    func removeTaps(_ connections: [String], of owner: String) -> [String] {
        state.withLock { $0.taps.remove(connections, of: owner) }
    }
    func taps(of owner: String) -> [String] { state.withLock { $0.taps.connections(of: owner) } }
}
