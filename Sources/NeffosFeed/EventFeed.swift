import Dispatch
import Foundation
import Synchronization

/// The feed of one node: what happens is published into it, and sinks get it in order.
///
/// Publishing never waits for a sink. Events gather in bounded buffers, one for each event loop and one for everybody else; the feed's
/// own thread sleeps until something is there, gathers for a tick, merges by time, gives `seq`, and hands the batch to each sink. What
/// finds no room is counted and told with a `feed.gap`; where state was lost, a `snapshot` follows that makes the picture right again.
public final class EventFeed: Sendable {
    /// The name of the node, which every event carries.
    public let node: String

    private static let tick = DispatchTimeInterval.milliseconds(50)
    /// Sinks may publish while they take the last events, and again; this is where it ends.
    private static let lastDrains = 16

    private enum Phase: Sendable { case idle, running, stopped }

    private struct Registry: Sendable {
        var phase = Phase.idle
        var sinks: [any FeedSink] = []
        var buffers: [FeedBuffer] = []
        var nextBuffer = 1
        var snapshotSource: (@Sendable () -> Void)?
        var isSnapshotRequested = false
    }

    private let now: @Sendable () -> FeedTime
    private let signal = FeedSignal()
    private let shared: FeedBuffer
    private let registry = Mutex(Registry())
    /// Locked for a whole drain, sinks included, so that batches cannot overtake each other.
    private let assembler: Mutex<FeedAssembler>
    private let figures = Mutex(FeedStatistics())
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - node: the name of the node that events carry.
    ///   - now: the clock of events that are published without a time.
    public init(node: String, now: @escaping @Sendable () -> FeedTime = FeedTime.now) {
        self.node = node
        self.now = now
        shared = FeedBuffer(id: 0, capacity: 65_536, byteLimit: FeedBuffer.usualByteLimit, signal: signal, now: now)
        assembler = Mutex(FeedAssembler(node: node))
    }

    /// Whether any sink listens. Events are built only then.
    public var isObserved: Bool { signal.isObserved }

    /// Adds a sink, which gets every batch from the next one on. A feed that was stopped takes none.
    public func add(_ sink: any FeedSink) {
        registry.withLock { registry in
            guard registry.phase != .stopped else { return }
            registry.sinks.append(sink)
            signal.isObserved = true
        }
    }

    /// Publishes an event that happened now, from any thread, also from within a sink: it comes with the next batch.
    public func publish(_ kind: FeedEvent.Kind) {
        shared.publish(kind)
    }

    /// Publishes an event with a time of its own.
    public func publish(_ event: FeedEvent) {
        shared.publish(at: event.time, event.kind)
    }

    /// Starts the feed's thread. It holds the feed until ``stop()``.
    public func start() {
        let starts = registry.withLock { registry in
            guard registry.phase == .idle else { return false }
            registry.phase = .running
            return true
        }
        guard starts else { return }
        let thread = Thread { self.run() }
        thread.name = "neffos feed"
        thread.start()
    }

    /// Hands out what is there, finishes every sink and ends the thread. Blocks until that is done: not to be called on an event loop,
    /// nor in a sink.
    public func stop() {
        let phase = registry.withLock { registry in
            let phase = registry.phase
            registry.phase = .stopped
            return phase
        }
        switch phase {
        case .idle:
            finish()
        case .running:
            signal.interrupt()
        case .stopped:
            break
        }
        ended.wait()
        // For whoever else waits.
        ended.signal()
    }

    /// What went through so far.
    public var statistics: FeedStatistics { figures.withLock { $0 } }

    /// A buffer for one event loop, of `capacity` events and at most `byteLimit` bytes of names and bodies.
    package func makeBuffer(capacity: Int = 65_536, byteLimit: Int = FeedBuffer.usualByteLimit) -> FeedBuffer {
        registry.withLock { registry in
            let buffer = FeedBuffer(id: registry.nextBuffer, capacity: capacity, byteLimit: byteLimit, signal: signal, now: now)
            registry.nextBuffer += 1
            registry.buffers.append(buffer)
            return buffer
        }
    }

    /// Sets whom to ask for a snapshot. Called on the feed's thread; every loop has then to call
    /// ``FeedBuffer/publishSnapshotPart(_:counters:)`` once, soon.
    package func setSnapshotSource(_ request: @escaping @Sendable () -> Void) {
        registry.withLock { $0.snapshotSource = request }
    }

    /// Asks for a snapshot in the feed, for all sinks: events handed out before this call come before it.
    package func requestSnapshot() {
        registry.withLock { $0.isSnapshotRequested = true }
        signal.notice()
    }

    /// One tick: hands out what is there.
    package func drain() {
        _ = drain(dozed: false, isWholeTick: true, isLast: false)
    }

    private func run() {
        var mayDoze = true
        while true {
            let wasHastened = signal.waitForTick(Self.tick, mayDoze: mayDoze)
            if registry.withLock({ $0.phase == .stopped }) { break }
            let outcome = drain(dozed: mayDoze, isWholeTick: !wasHastened, isLast: false)
            mayDoze = !outcome.isWaiting
        }
        finish()
    }

    private func finish() {
        for _ in 0..<Self.lastDrains where drain(dozed: false, isWholeTick: false, isLast: true).isEmpty { break }
        signal.isObserved = false
        _ = drain(dozed: false, isWholeTick: false, isLast: true)
        let sinks = registry.withLock { registry in
            let sinks = registry.sinks
            registry.sinks = []
            registry.snapshotSource = nil
            return sinks
        }
        for sink in sinks { sink.finish() }
        ended.signal()
    }

    private func drain(dozed: Bool, isWholeTick: Bool, isLast: Bool) -> (isEmpty: Bool, isWaiting: Bool) {
        assembler.withLock { assembler in
            signal.beginDrain(dozed: dozed)
            let registry = self.registry.withLock { registry in
                let copy = registry
                registry.isSnapshotRequested = false
                return copy
            }
            if isWholeTick { assembler.tick() }
            if registry.isSnapshotRequested { assembler.oweSnapshot() }

            var batch: [FeedEntry] = []
            var ids = take(registry.buffers, with: &assembler, into: &batch)
            if assembler.closeRound(present: ids, force: isLast, now: now(), into: &batch) {
                ids = take(registry.buffers, with: &assembler, into: &batch)
            }
            if registry.snapshotSource == nil || isLast { assembler.forgetSnapshot() }
            let asks = assembler.openRound(ids)

            let statistics = assembler.statistics
            figures.withLock { $0 = statistics }
            if !batch.isEmpty {
                for sink in registry.sinks { sink.receive(batch) }
            }
            if asks { registry.snapshotSource?() }
            return (batch.isEmpty, assembler.isWaiting)
        }
    }

    /// Takes one cut through all buffers and returns which of them are still in use.
    private func take(_ buffers: [FeedBuffer], with assembler: inout FeedAssembler, into batch: inout [FeedEntry]) -> [Int] {
        var cut = Cut()
        self.cut(buffers[...], assembler, into: &cut)
        assembler.absorb(shared: cut.shared, takes: cut.takes, now: now(), into: &batch)
        guard !cut.ended.isEmpty else { return buffers.map(\.id) }
        for id in cut.ended { assembler.forgetBuffer(id) }
        registry.withLock { registry in registry.buffers.removeAll { cut.ended.contains($0.id) } }
        return buffers.map(\.id).filter { !cut.ended.contains($0) }
    }

    private struct Cut {
        var takes: [(id: Int, take: FeedBacklog.Take)] = []
        var shared = FeedBacklog.Take()
        var ended: Set<Int> = []
    }

    /// Keeps each buffer locked until all are taken: what one event caused on another loop can so never be in the cut without its cause.
    private func cut(_ buffers: ArraySlice<FeedBuffer>, _ assembler: borrowing FeedAssembler, into cut: inout Cut) {
        guard let buffer = buffers.first else {
            // What others publish mostly follows from events of the loops: while any of those are held back, it waits with them.
            if assembler.isHolding || cut.takes.contains(where: { $0.take.part != nil }) { return }
            shared.withContents { cut.shared = $0.backlog.take(.all) }
            return
        }
        buffer.withContents { contents in
            cut.takes.append((buffer.id, contents.backlog.take(assembler.extent(ofBuffer: buffer.id))))
            if contents.isRetired, contents.backlog.isEmpty, assembler.extent(ofBuffer: buffer.id) != .nothing {
                cut.ended.insert(buffer.id)
            }
            self.cut(buffers.dropFirst(), assembler, into: &cut)
        }
    }
}
