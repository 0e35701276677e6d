/// What a service manager tells a process in its environment: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3). Pure.
struct SystemdEnvironment: Equatable, Sendable {
    /// Where notices go: a socket's path, or with a leading `@` an abstract name. nil: nobody asked for any.
    var notify: String?
    /// How long the manager waits for a sign of life, in microseconds. nil: it does not.
    var watchdogMicroseconds: UInt64?
    /// Sockets that were opened for us, by their descriptors, with their names.
    var sockets: [Socket] = []

    struct Socket: Equatable, Sendable {
        var descriptor: Int32
        var name: String
    }

    /// The first descriptor that is passed: `SD_LISTEN_FDS_START`.
    static let firstDescriptor: Int32 = 3
    /// More than anybody passes.
    private static let mostSockets: Int32 = 64

    init(_ environment: [String: String], process: Int32) {
        // Others than these two kinds of socket are for containers and virtual machines.
        if let name = environment["NOTIFY_SOCKET"], name.utf8.count > 1, name.hasPrefix("/") || name.hasPrefix("@") { notify = name }
        if let text = environment["WATCHDOG_USEC"], let microseconds = UInt64(text), microseconds > 0,
            Self.isForUs(environment["WATCHDOG_PID"], process, without: true)
        {
            watchdogMicroseconds = microseconds
        }
        if let text = environment["LISTEN_FDS"], let count = Int32(text), (1...Self.mostSockets).contains(count),
            Self.isForUs(environment["LISTEN_PID"], process, without: false)
        {
            let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
            sockets = (0..<count).map { index in
                let name = Int(index) < names.count ? String(names[Int(index)]) : "unknown"
                return Socket(descriptor: Self.firstDescriptor + index, name: name)
            }
        }
    }

    /// Variables are inherited by children, who are not meant.
    private static func isForUs(_ pid: String?, _ process: Int32, without: Bool) -> Bool {
        guard let pid else { return without }
        return Int32(pid) == process
    }

    /// How often to give a sign of life: twice as often as it is waited for.
    var watchdogInterval: Duration? { watchdogMicroseconds.map { .microseconds(Int64(clamping: $0 / 2)) } }

    /// The socket that clients come to.
    ///
    /// - Throws: ``CommandFailure`` where there are several, and so no telling which.
    func listener() throws(CommandFailure) -> Socket? {
        guard sockets.count <= 1 else {
            throw CommandFailure(
                .configuration,
                "socket activation: \(sockets.count) sockets were passed, and one is taken; leave one ListenStream= in the socket unit")
        }
        return sockets.first
    }
}
