import Neffos
import NeffosFeed
import NeffosWire
import Synchronization

/// One console that takes the feed: its backlog, and the task that sends it, burst after burst, each once the system has taken the last.
final class ConsoleSession: Sendable {
    /// Asks that one console may have open at once.
    static let mostAsks = 32
    private static let burstEvents = 256
    private static let burstBytes = 256 << 10

    private struct State {
        var backlog: ConsoleBacklog?
        var isLive = false
        var isEnded = false
        var isSending = false
        var picture: (number: Int, bytes: [UInt8])?
        var pictures = 0
        var asks = 0
    }

    let connection: Connection
    private let state = Mutex(State())
    private let wake: AsyncStream<Void>.Continuation
    private let bound: Int
    private let byteBound: Int

    init(_ connection: Connection, bound: Int, byteBound: Int) {
        self.connection = connection
        self.bound = bound
        self.byteBound = byteBound
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wake = continuation
        Task { await self.run(stream) }
    }

    var id: String { connection.id }
    var isEnded: Bool { state.withLock { $0.isEnded } }
    var missed: Int { state.withLock { $0.backlog?.missed ?? 0 } }
    /// Whether all that it should have is with the system.
    var isIdle: Bool { state.withLock { $0.isEnded || !$0.isLive || (!$0.isSending && ($0.backlog?.isEmpty ?? true)) } }

    // MARK: Asks

    /// Whether one more may be open.
    func beginAsk() -> Bool {
        state.withLock { state in
            guard state.asks < Self.mostAsks, !state.isEnded else { return false }
            state.asks += 1
            return true
        }
    }

    func endAsk() { state.withLock { $0.asks -= 1 } }

    // MARK: The picture

    /// From now on everything is kept for it, and nothing is sent.
    func collect() {
        state.withLock { state in
            state.backlog = ConsoleBacklog(bound: bound, byteBound: byteBound)
            state.isLive = false
            state.picture = nil
        }
    }

    /// It has, or is offered, all up to `seq` in another way.
    func skip(to seq: Int) { state.withLock { $0.backlog?.skip(to: seq) } }

    /// Keeps a picture until it was fetched; the one before goes.
    func offer(_ bytes: [UInt8]) -> Int {
        state.withLock { state in
            state.pictures += 1
            state.picture = (state.pictures, bytes)
            return state.pictures
        }
    }

    /// - Throws: `NeffosError` where there is no such picture or part.
    func part(_ ask: FeedAsk.PartAsk) throws(NeffosError) -> ArraySlice<UInt8> {
        let picture = state.withLock { $0.picture }
        guard let picture, picture.number == ask.picture else { throw Self.noPicture }
        let (first, hasOverflown) = ask.part.multipliedReportingOverflow(by: FeedAsk.PictureOffer.partBytes)
        guard !hasOverflown, ask.part >= 0, first < picture.bytes.count else {
            throw NeffosError("part: the picture has no part \(ask.part)")
        }
        return picture.bytes[first..<min(first + FeedAsk.PictureOffer.partBytes, picture.bytes.count)]
    }

    /// - Throws: `NeffosError` where that picture is not offered any more.
    func take(_ ask: FeedAsk.LiveAsk) throws(NeffosError) {
        let isRight = state.withLock { state in
            guard state.picture?.number == ask.picture else { return false }
            state.picture = nil
            return true
        }
        guard isRight else { throw Self.noPicture }
    }

    private static let noPicture = NeffosError("there is no such picture; ask for one with \"picture\"")

    // MARK: Events

    /// From now on what is kept is sent.
    func goLive() {
        state.withLock { $0.isLive = $0.backlog != nil }
        wake.yield()
    }

    /// Called on the feed's thread.
    ///
    /// - Parameters:
    ///   - isTapped: whether this console wants the messages of a connection.
    ///   - snapshot: who was here at an entry of the feed; nil where that cannot be told.
    /// - Returns: whether a snapshot in the feed itself is needed.
    func append(
        _ batch: [FeedEntry], isTapped: (String) -> Bool, snapshot: (_ seq: Int) -> FeedEvent.FeedSnapshot?
    ) -> Bool {
        var isSnapshotNeeded = false
        let isLive = state.withLock { state in
            guard state.backlog != nil, !state.isEnded else { return false }
            for entry in batch {
                if case .message(let message) = entry.event.kind, !isTapped(message.connection) { continue }
                state.backlog?.append(entry)
            }
            if let seq = state.backlog?.wantsRecovery {
                let present = seq == 0 ? nil : snapshot(seq)
                isSnapshotNeeded = seq != 0 && present == nil
                state.backlog?.recover(with: present)
            }
            return state.isLive
        }
        if isLive { wake.yield() }
        return isSnapshotNeeded
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            state.backlog = nil
            state.picture = nil
        }
        wake.finish()
    }

    // MARK: Sending

    private func run(_ wakes: AsyncStream<Void>) async {
        for await _ in wakes {
            while let burst = next() {
                var messages: [Message] = []
                messages.reserveCapacity(burst.count)
                for entry in burst {
                    var line: [UInt8] = []
                    JSONLines.append(entry, to: &line)
                    // A message is a line by itself.
                    messages.append(
                        Message(namespace: FeedAsk.namespace, event: FeedAsk.event, body: ByteBuffer(bytes: line.dropLast())))
                }
                guard await send(messages) else { return }
            }
        }
    }

    private func next() -> [FeedEntry]? {
        state.withLock { state in
            let burst = state.isLive ? state.backlog?.take(atMost: Self.burstEvents, bytes: Self.burstBytes) ?? [] : []
            state.isSending = !burst.isEmpty
            return burst.isEmpty ? nil : burst
        }
    }

    private func send(_ messages: [Message]) async -> Bool {
        await withCheckedContinuation { continuation in
            connection.emit(messages) { continuation.resume(returning: $0) }
        }
    }
}
