/// What a key asks of the loop; the screen is drawn anew after every key anyway.
enum ConsoleEffect: Sendable, Hashable {
    case quit
    /// Write every cell again.
    case redraw
    case suspend
}
