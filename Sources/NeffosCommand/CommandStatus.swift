/// The exit codes of the command.
enum CommandStatus: Int32 {
    case success = 0
    /// An expectation failed.
    case unmet = 1
    case usage = 64
    /// There is no such recorded feed.
    case noInput = 66
    /// Cannot listen, cannot reach, or a write of what was asked for failed.
    case unavailable = 69
    /// Our own fault.
    case software = 70
    /// Or a file cannot be opened.
    case configuration = 78
}
