import Terminal

extension KeyTable {
    static let events: [KeyBinding] = [
        move("event", "Select another event; End goes with the newest again"),
        KeyBinding([.enter: .open], short: "Enter", hint: "fields", help: "All that the selected event says; again: close it"),
        KeyBinding(
            [.character("/"): .filter], short: "/", hint: "filter",
            help: "Only events that a filter lets through: ns:chat event:connection.closed"),
        KeyBinding([.character("f"): .events(.search)], short: "f", hint: "search", help: "Look for a text in all that the events say"),
        KeyBinding(
            [.character(">"): .events(.nextHit), .character("<"): .events(.previousHit)], short: "< >", hint: "hits",
            help: "To the event before, or the next one, with the text looked for"),
        KeyBinding(
            [.character("s"): .events(.samples)], short: "s", hint: "samples", help: "Show the figures of each second, or hide them"),
        KeyBinding([.escape: .back], short: "Esc", help: "Close the fields, give up the search, clear the filter"),
    ]

    /// While something is typed on a screen.
    static let typing: [KeyBinding] = [
        KeyBinding([.enter: .accept], short: "Enter", hint: "keep", help: "Keep it and go back to the rows", isVital: true),
        KeyBinding([.escape: .back], short: "Esc", hint: "clear", help: "Give it up", isVital: true),
        KeyBinding([:], short: "Ctrl-U", hint: "empty", help: "Delete what is before the cursor"),
    ]
}
