import Foundation

/// What a process has used so far.
struct ProcessUsage: Sendable, Equatable {
    /// Of the processors, user and system, in seconds.
    var cpu = 0.0
    /// Resident memory in bytes, now and at its most.
    var memory = 0
    var maximumMemory = 0

    /// Of another process, as `/proc` tells it.
    ///
    /// - Returns: nil where there is no such process.
    static func of(_ pid: Int32) -> ProcessUsage? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        return ProcessUsage(stat: stat, status: status, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// - Returns: nil where `stat` is not what Linux writes.
    init?(stat: String, status: String, ticksPerSecond: Double) {
        // The name in parentheses may hold anything.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]), ticksPerSecond > 0 else { return nil }
        cpu = (user + system) / ticksPerSecond
        for line in status.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let kibibytes = Int(words[1]) else { continue }
            if words[0] == "VmRSS:" { memory = kibibytes << 10 }
            if words[0] == "VmHWM:" { maximumMemory = kibibytes << 10 }
        }
    }

    init() {}

    /// Processor time of this process, in seconds.
    static var ownCPU: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// What the server's process used between two looks; nothing is said where it was not to be measured.
struct ServerUsage: Encodable, Equatable, Sendable {
    var cpu: Double
    var memoryBefore: Int
    var memoryAfter: Int
    var maximumMemory: Int

    enum CodingKeys: String, CodingKey {
        case cpu = "server_cpu_s"
        case memoryBefore = "server_rss_before"
        case memoryAfter = "server_rss_after"
        case maximumMemory = "server_rss_max"
    }

    init?(from before: ProcessUsage?, to after: ProcessUsage?) {
        guard let before, let after else { return nil }
        cpu = rounded(after.cpu - before.cpu)
        memoryBefore = before.memory
        memoryAfter = after.memory
        maximumMemory = after.maximumMemory
    }

    /// Microseconds of processor for each of so many.
    func microseconds(per count: Int) -> Double { count > 0 ? rounded(cpu * 1e6 / Double(count)) : 0 }
}
