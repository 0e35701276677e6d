import Foundation

/// What the processors of this machine had left, all processes together.
struct MachineUsage: Sendable, Equatable {
    private var idle: Double
    private var total: Double

    /// As `/proc` tells it; nil elsewhere than on Linux.
    static var now: MachineUsage? { (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)).flatMap(MachineUsage.init(stat:)) }

    init?(stat: String) {
        guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        // User, nice, system, idle, waiting for disks, interrupts of both kinds, stolen; what guests used is in the first two.
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count >= 5 else { return nil }
        idle = ticks[3] + ticks[4]
        total = ticks.reduce(0, +)
    }

    /// The part of its time that was left since then, in percent.
    func idlePercent(since before: MachineUsage) -> Double? {
        total > before.total ? rounded(100 * (idle - before.idle) / (total - before.total)) : nil
    }
}
