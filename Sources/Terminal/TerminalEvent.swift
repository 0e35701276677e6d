/// What a wait on the terminal ended with.
public enum TerminalEvent: Hashable, Sendable {
    case key(Key)
    /// Only where the mouse was asked for.
    case mouse(MouseEvent)
    /// The terminal has a new size; what was on it is no longer certain: draw all.
    case resized(Size)
    /// Someone called `wake()`.
    case woken
    /// Someone asks to stop the process for a while (SIGTSTP). Ctrl-Z comes as `.key(.control("z"))`.
    case suspend
    /// The process runs again in the foreground and the terminal is set up again: draw all.
    case resumed
    /// SIGINT or SIGTERM.
    case terminate(signal: Int32)
    /// SIGHUP, or the terminal is gone. Comes once; nothing is drawn any more.
    case hangup
}
