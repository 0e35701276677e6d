import Terminal

extension KeyTable {
    static let rooms: [KeyBinding] = [
        move("row", "Select another namespace, room or member"),
        KeyBinding(
            [.enter: .open], short: "Enter", hint: "members",
            help: "Who is in the selected place; again: the selected one among the connections"
        ),
        KeyBinding(
            [.character("f"): .rooms(.fold), .character("F"): .rooms(.foldAll)], short: "f", label: "f, F", hint: "fold",
            help: "Fold or unfold the namespace, or all of them"),
        KeyBinding([.character("s"): .sortNext], short: "s", hint: "sort", help: "Sort by members, by joins and leaves, by name"),
        KeyBinding(
            [.character("r"): .sortReverse, .character("S"): .sortReverse], short: "r", label: "r, S", hint: "reverse",
            help: "Sort the other way round"),
        KeyBinding([.character("/"): .filter], short: "/", hint: "filter", help: "Only names with a text in them"),
        KeyBinding([.escape: .back], short: "Esc", hint: "back", help: "Back to the tree; clear the filter"),
    ]
}
