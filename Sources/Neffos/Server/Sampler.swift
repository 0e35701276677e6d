import Glibc
import NIOCore
import NeffosFeed
import Synchronization

/// Once a second: the figures of all loops, as one `sample`.
final class Sampler: Sendable {
    private let feed: EventFeed
    private let contexts: [NIOLoopBound<LoopContext>]
    private let loops: [any EventLoop]
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(feed: EventFeed, contexts: [NIOLoopBound<LoopContext>], loops: [any EventLoop]) {
        self.feed = feed
        self.contexts = contexts
        self.loops = loops
    }

    /// What one loop has counted.
    struct LoopFigures: Sendable {
        var counters = LoopContext.Counters()
        var connections = 0
        /// Rooms by namespace; nil where nothing has changed since the last time.
        var rooms: [String: [String]]?
        var lag = 0.0
        /// In milliseconds, since the last time.
        var slowestHandler = 0.0
    }

    func start() {
        task.withLock {
            $0 = Task { [self] in
                var past = Past()
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    if Task.isCancelled { return }
                    guard feed.isObserved else { continue }
                    await sample(&past)
                }
            }
        }
    }

    func stop() async {
        let running = task.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        await running?.value
    }

    private struct Past {
        var counters = LoopContext.Counters()
        var at = NIODeadline.now()
        var cpu = Process.cpuSeconds()
        var rooms: [Int: [String: [String]]] = [:]
    }

    private func sample(_ past: inout Past) async {
        var total = LoopFigures()
        for (index, loop) in loops.enumerated() {
            let asked = NIODeadline.now()
            guard let figures = try? await loop.submit({ [contexts] in contexts[index].value.figures(askedAt: asked) }).get() else {
                return
            }
            total.connections += figures.connections
            total.counters += figures.counters
            total.lag = max(total.lag, figures.lag)
            total.slowestHandler = max(total.slowestHandler, figures.slowestHandler)
            if let rooms = figures.rooms { past.rooms[index] = rooms }
        }
        let now = NIODeadline.now()
        let seconds = max(0.001, Double((now - past.at).nanoseconds) / 1e9)
        let cpu = Process.cpuSeconds()
        let change = total.counters - past.counters
        var rooms: [String: Set<String>] = [:]
        for names in past.rooms.values { for (namespace, list) in names { rooms[namespace, default: []].formUnion(list) } }
        func rate(_ count: Int) -> Double { Double(count) / seconds }
        feed.publish(
            .sample(
                .init(
                    connections: total.connections, namespaces: rooms.count, rooms: rooms.values.reduce(0) { $0 + $1.count },
                    messagesInPerSecond: rate(change.traffic.messagesIn), messagesOutPerSecond: rate(change.traffic.messagesOut),
                    bytesInPerSecond: rate(change.traffic.bytesIn), bytesOutPerSecond: rate(change.traffic.bytesOut),
                    probesPerSecond: rate(change.probes), openedPerSecond: rate(change.opened),
                    closedPerSecond: rate(change.closed), cpuPercent: (cpu - past.cpu) / seconds * 100,
                    memoryBytes: Process.residentBytes(), loopLag: total.lag, slowestHandler: total.slowestHandler)))
        past.counters = total.counters
        past.at = now
        past.cpu = cpu
    }

    /// What the system says of this process.
    enum Process {
        /// Of all threads, in user and system mode. POSIX has `clock` count microseconds, whatever the clock behind it.
        static func cpuSeconds() -> Double { Double(clock()) / 1e6 }

        static func residentBytes() -> Int {
            guard let file = fopen("/proc/self/statm", "r") else { return 0 }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 128)
            guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
            let fields = line.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " ")))
            guard fields.count > 1, let pages = Int(String(decoding: fields[1].map { UInt8(bitPattern: $0) }, as: UTF8.self)) else {
                return 0
            }
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
    }
}
