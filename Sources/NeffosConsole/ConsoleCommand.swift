/// What a key asks for.
enum ConsoleCommand: Sendable, Hashable {
    case show(ConsoleScreen)
    case nextScreen, previousScreen
    case up, down, pageUp, pageDown, first, last
    case left, right
    case sortNext, sortPrevious, sortReverse
    case pause, filter, open, back, probes, log, help
    case redraw, suspend, quit
    case accept, refuse
    case complete, older, newer
    /// What can be done, and doing it; why nothing can.
    case actions, act(ActionKind), explain
    case mark, markAll, clearMarks, invertMarks, markRange
    case save, copyID, copyKey, search, nextMatch, previousMatch, exact
    case columns, toggle, moveLeft, moveRight, reset
    case tap, hex, scrollUp, scrollDown
    case zoom
    case nextNode, previousNode
    case replay(ReplayCommand)
    case rooms(RoomsCommand), events(EventsCommand)
}
