import NeffosFeed

/// What a key asks of the loop; the screen is drawn anew after every key anyway.
enum ConsoleEffect: Sendable, Hashable {
    case quit
    /// Write every cell again.
    case redraw
    case suspend
    /// Give a command to the server; what comes of it is told with ``ConsoleModel/take(_:of:now:)``.
    case perform(OperatorCommand)
    /// Keep the operator's choices for the next time.
    case remember
    /// Write the table in view to a file.
    case save
    /// Put a text into the clipboard.
    case copy(String)
    /// Show another of several servers.
    case choose(node: Int)
    /// Steer the tape.
    case replay(ReplayCommand)
}
