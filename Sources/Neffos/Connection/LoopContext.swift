import DequeModule
import NIOCore
import NeffosFeed
import NeffosSession

/// What the connections of one event loop share. Touched on that loop only.
final class LoopContext {
    let loop: any EventLoop
    let gate: LoopGate
    let executor: LoopExecutor
    /// Where events go; nil for a client.
    let feed: FeedBuffer?
    var counters = Counters()
    /// How long the slowest handler took that may wait, of those that ended since the last sample.
    var slowestHandler = TimeAmount.zero
    /// Who is in which namespace and room on this loop.
    var members = MemberIndex()
    /// Spreads the heartbeat: each second looks at one slot's connections.
    var wheel = HeartbeatWheel()
    /// The time at the last tick or read, for what may be a little late.
    private(set) var now = NIODeadline.now()

    /// Reused for the replies of each read: one allocation a loop instead of one a read.
    private var scratch = ByteBuffer()
    private var dirty: [Connection] = []
    /// Whether a read is being handled: its end flushes.
    var isReading = false
    private var isFlushScheduled = false
    /// Those who have not acknowledged yet, in the order of their deadlines, which are all of one length.
    private var unacknowledged: Deque<(deadline: NIODeadline, connection: Connection)> = []

    init(loop: any EventLoop, feed: FeedBuffer?) {
        self.loop = loop
        gate = LoopGate(loop)
        executor = LoopExecutor(gate)
        self.feed = feed
    }

    struct Counters: Sendable {
        var traffic = Traffic()
        var probes = 0
        var opened = 0
        var closed = 0

        static func += (left: inout Counters, right: Counters) { left = left.combined(right, +, +=) }
        static func - (left: Counters, right: Counters) -> Counters {
            left.combined(right, -) { $0 = $0 - $1 }
        }

        private func combined(
            _ other: Counters, _ combine: (Int, Int) -> Int, _ combineTraffic: (inout Traffic, Traffic) -> Void
        ) -> Counters {
            var traffic = traffic
            combineTraffic(&traffic, other.traffic)
            return Counters(
                traffic: traffic, probes: combine(probes, other.probes), opened: combine(opened, other.opened),
                closed: combine(closed, other.closed))
        }
    }

    func advance() { now = .now() }

    // MARK: Buffers

    /// More than this is given back to the allocator after a burst.
    private static let scratchLimit = 256 * 1024

    func takeBuffer() -> ByteBuffer {
        let buffer = scratch
        scratch = ByteBuffer()
        return buffer
    }

    /// Keeps the storage of a buffer that was written, if it is not still waiting in a socket's queue (then clearing would allocate).
    func recycle(_ buffer: consuming ByteBuffer) {
        guard scratch.capacity == 0, buffer.capacity <= Self.scratchLimit else { return }
        buffer.clear()
        scratch = buffer
    }

    // MARK: One flush for many writes

    /// Remembers a connection that has something to be flushed at the end of what this loop is doing now.
    func markDirty(_ connection: Connection) {
        dirty.append(connection)
        guard !isReading, !isFlushScheduled else { return }
        // Whoever sent from outside a read may not come back to flush.
        isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute {
            bound.value.isFlushScheduled = false
            bound.value.flushDirty()
        }
    }

    func flushDirty() {
        // A flush can lead to more (a closed connection's handlers may send), hence by index.
        var index = 0
        while index < dirty.count {
            dirty[index].flush()
            index += 1
        }
        dirty.removeAll(keepingCapacity: dirty.capacity <= 4096)
    }

    // MARK: Time

    func expectAcknowledgement(of connection: Connection, by deadline: NIODeadline) {
        unacknowledged.append((deadline, connection))
    }

    /// Once a second: heartbeats, and clients that never acknowledged.
    func tick() {
        advance()
        for member in wheel.turn() { member.connection.beat(now: now) }
        while let first = unacknowledged.first, first.deadline <= now || first.connection.isAcknowledged {
            unacknowledged.removeFirst()
            first.connection.acknowledgementDue()
        }
        flushDirty()
    }

    // MARK: Figures

    /// A handler that may wait has ended.
    func handlerTook(_ time: TimeAmount) { slowestHandler = max(slowestHandler, time) }

    /// What the sampler takes from this loop.
    func figures(askedAt: NIODeadline) -> Sampler.LoopFigures {
        var figures = Sampler.LoopFigures()
        figures.counters = counters
        figures.connections = wheel.count
        figures.lag = Double((NIODeadline.now() - askedAt).nanoseconds) / 1e6
        figures.slowestHandler = Double(slowestHandler.nanoseconds) / 1e6
        slowestHandler = .zero
        if members.hasChanged {
            members.hasChanged = false
            figures.rooms = members.namespaces.mapValues { Array($0.rooms.keys) }
        }
        return figures
    }

    /// Who is here, where the feed lost something.
    func publishSnapshotPart() {
        guard let feed else { return }
        let (clock, now) = (FeedTime.now(), NIODeadline.now())
        let present = wheel.all.map { connection in
            let machine = connection.machine
            let namespaces = Dictionary(machine.namespaces.map { ($0, machine.rooms(in: $0)) }, uniquingKeysWith: { first, _ in first })
            return FeedEvent.FeedSnapshot.Present(
                connection: connection.id, key: connection.key, remote: connection.remote, userAgent: connection.userAgent,
                tries: connection.tries, opened: clock + -Int((now - connection.openedAt).nanoseconds / 1_000_000),
                acknowledged: connection.isAcknowledged, tls: connection.isSecure, previous: connection.previous, namespaces: namespaces)
        }
        feed.publishSnapshotPart(
            Array(present),
            counters: [
                "messagesIn": counters.traffic.messagesIn, "messagesOut": counters.traffic.messagesOut,
                "bytesIn": counters.traffic.bytesIn, "bytesOut": counters.traffic.bytesOut, "probes": counters.probes,
                "opened": counters.opened, "closed": counters.closed,
            ])
    }
}
