/// Why a console ended.
public enum ConsoleExit: Sendable, Hashable {
    /// The operator left, and agreed to what that means.
    case quit
    /// SIGINT or SIGTERM came.
    case signal(Int32)
    /// The terminal is gone.
    case hangup
    /// ``ConsoleLoop/stop()`` was called.
    case stopped
}
