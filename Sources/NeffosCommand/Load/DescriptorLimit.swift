import Glibc

/// How many files, and so connections, this process may have open.
enum DescriptorLimit {
    /// What the process needs beside its connections.
    static let reserve = 64

    /// Raises the limit as far as it may be.
    ///
    /// - Returns: how many connections there may be, and the limit.
    static func raise() -> (connections: Int, files: Int) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return (.max, .max) }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        let files = Int(clamping: limit.rlim_cur)
        return (max(1, files - reserve), files)
    }
}
