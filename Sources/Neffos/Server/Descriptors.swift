import Glibc
import Logging

/// How many files, and so connections, this process may have open.
enum Descriptors {
    /// What the process needs beside its connections.
    private static let reserve = 64

    /// Raises the process' limit as far as it may and clamps `connections` to what it then allows, with a log line where that is less.
    static func clamp(connections: Int, logger: Logger) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return connections }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        let available = max(1, Int(clamping: limit.rlim_cur) - reserve)
        guard connections == 0 || connections > available else { return connections }
        if connections > 0 {
            logger.notice("limits.connections is \(connections), but this process may open \(limit.rlim_cur) files: at most \(available)")
        }
        return available
    }
}
