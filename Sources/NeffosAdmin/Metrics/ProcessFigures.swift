import Glibc

/// What the system says of this process.
struct ProcessFigures: Sendable, Hashable {
    /// Of all threads, in user and system mode.
    var cpuSeconds = 0.0
    var residentBytes = 0
    /// Nil where the system does not tell.
    var openDescriptors: Int?
    var mostDescriptors: Int?

    static func now() -> ProcessFigures {
        var figures = ProcessFigures()
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        figures.cpuSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        figures.residentBytes = resident()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { figures.mostDescriptors = Int(clamping: limit.rlim_cur) }
        figures.openDescriptors = descriptors()
        return figures
    }

    private static func resident() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var size = 0
        var pages = 0
        return withUnsafeMutablePointer(to: &size) { size in
            withUnsafeMutablePointer(to: &pages) { pages in
                withVaList([size, pages]) { vfscanf(file, "%ld %ld", $0) } == 2 ? pages.pointee * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
            }
        }
    }

    /// Counted one by one: with very many of them that takes some milliseconds, off every event loop.
    private static func descriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent, and the one that reads them.
        return max(0, count - 3)
    }
}
