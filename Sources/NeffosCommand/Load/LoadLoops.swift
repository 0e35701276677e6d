import NIOCore
import NIOPosix

/// The threads that a load's clients live on, and what they cost.
final class LoadLoops: Sendable {
    let group: MultiThreadedEventLoopGroup
    let loops: [any EventLoop]
    private let lags: [NIOLoopBoundBox<Lag>]

    private struct Lag {
        var latencies = Latencies()
        var task: RepeatedTask?
        /// When the next look is due: a period after the last one was.
        var due = NIODeadline.now()
    }

    /// How often one looks whether a loop is on time.
    private static let lookEvery = TimeAmount.milliseconds(20)

    init(threads: Int) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        self.group = group
        loops = group.makeIterator().map { $0 as any EventLoop }
        lags = loops.map { NIOLoopBoundBox.makeBoxSendingValue(Lag(), eventLoop: $0) }
    }

    /// The loop of the client with this number.
    func loop(of number: Int) -> any EventLoop { loops[number % loops.count] }

    /// Begins to measure what the clients cost this process.
    func measure() -> Meter {
        for (loop, lag) in zip(loops, lags) {
            loop.execute {
                lag.value.task?.cancel()
                lag.value.latencies = Latencies()
                lag.value.due = .now() + Self.lookEvery
                lag.value.task = loop.scheduleRepeatedTask(initialDelay: Self.lookEvery, delay: Self.lookEvery) { _ in
                    let now = NIODeadline.now()
                    lag.value.latencies.record(nanoseconds: UInt64(max(0, (now - lag.value.due).nanoseconds)))
                    lag.value.due = now + Self.lookEvery
                }
            }
        }
        return Meter(cpu: ProcessUsage.ownCPU, machine: MachineUsage.now, start: .now())
    }

    struct Meter: Sendable {
        fileprivate let cpu: Double
        fileprivate let machine: MachineUsage?
        fileprivate let start: NIODeadline
    }

    func cost(since meter: Meter) async -> LoadCost {
        let seconds = Double((NIODeadline.now() - meter.start).nanoseconds) / 1e9
        let cpu = ProcessUsage.ownCPU - meter.cpu
        let idle = meter.machine.flatMap { MachineUsage.now?.idlePercent(since: $0) }
        var latencies = Latencies()
        for (loop, lag) in zip(loops, lags) {
            let part = try? await loop.submit {
                lag.value.task?.cancel()
                return lag.value.latencies
            }.get()
            if let part { latencies.add(part) }
        }
        return LoadCost(cpu: cpu, seconds: seconds, threads: loops.count, lag: latencies.microseconds(at: 99), idle: idle)
    }

    func shutdown() async { try? await group.shutdownGracefully() }
}

/// What the clients cost, and whether that bounds what can be said of the server.
struct LoadCost: Encodable, Equatable, Sendable {
    var cpu: Double
    /// Of one processor.
    var percent: Double
    var threads: Int
    /// What 99 % of looks at the loops were late by at most, in microseconds.
    var lag: Double
    /// What all processes together left of the machine's processors, in percent; nil where nobody tells.
    var idle: Double?
    /// It, or the machine, had no more to give: figures are its own as much as the server's.
    var isLimit: Bool
    /// Its own delay is in the latencies.
    var isLate: Bool
    private var isFull: Bool
    private var isMeasured: Bool

    enum CodingKeys: String, CodingKey {
        case cpu = "client_cpu_s"
        case percent = "client_cpu_percent"
        case threads = "client_threads"
        case lag = "client_lag_p99_us"
        case idle = "machine_idle_percent"
        case isLimit = "client_is_limit"
        case isLate = "client_is_late"
    }

    /// Above this part of its threads' time, a load measures itself.
    private static let busyPercent = 85.0
    /// With less left than this, in percent, a machine is full.
    private static let fullPercent = 5.0
    /// Later than this, in microseconds, the clients' own delay is in each latency.
    private static let lateMicroseconds = 5000.0
    /// In less time than this, in seconds, there is nothing to be seen: all clients were lost before it began.
    private static let shortest = 0.05

    init(cpu: Double, seconds: Double, threads: Int, lag: Double, idle: Double? = nil) {
        self.cpu = rounded(cpu)
        isMeasured = seconds >= Self.shortest
        percent = isMeasured ? rounded(100 * cpu / seconds) : 0
        self.threads = threads
        self.lag = lag
        self.idle = idle
        isFull = isMeasured && idle.map { $0 < Self.fullPercent } ?? false
        isLimit = isFull || percent >= Self.busyPercent * Double(threads)
        isLate = lag >= Self.lateMicroseconds
    }

    func microseconds(per count: Int) -> Double { count > 0 ? rounded(cpu * 1e6 / Double(count)) : 0 }

    var text: String {
        guard isMeasured else { return "it was too short to tell what the load generator used" }
        let used = "the load generator used \(LoadText.decimal(percent, 0)) % CPU of \(threads) \(threads == 1 ? "thread" : "threads")"
        let late = "its loops were late by \(LoadText.microseconds(lag)) at 99%"
        if isFull { return "\(used), \(late): this machine's processors were full, which bounds the figures as much as the server does" }
        if isLimit { return "\(used), \(late): it was the limit itself; start several, or give it more processors" }
        if isLate { return "\(used), \(late): the machine was busy, and latencies hold that delay too" }
        return "\(used), \(late)"
    }
}
