/// What a key asks for.
enum ConsoleCommand: Sendable, Hashable {
    case show(ConsoleScreen)
    case nextScreen, previousScreen
    case up, down, pageUp, pageDown, first, last
    case sortNext, sortReverse
    case pause, filter, open, back, probes, log, help
    case redraw, suspend, quit
    case accept, refuse
    case deleteCharacter, clearText
    case rooms(RoomsCommand), events(EventsCommand)
}
