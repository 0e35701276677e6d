import Terminal

extension KeyTable {
    static let rooms: [KeyBinding] = [
        move("row", "Select another namespace or room"), open("members", "Who is in the selected place"),
        KeyBinding(
            [.character("f"): .rooms(.fold), .character("F"): .rooms(.foldAll)], short: "f", label: "f, F", hint: "fold",
            help: "Fold or unfold the namespace, or all of them"),
        KeyBinding([.character("s"): .sortNext], short: "s", hint: "sort", help: "Sort by members, by joins and leaves, by name"),
        KeyBinding(
            [.character("r"): .sortReverse, .character("S"): .sortReverse], short: "r", label: "r, S", hint: "reverse",
            help: "Sort the other way round"),
        KeyBinding([.character("/"): .filter], short: "/", hint: "filter", help: "Only names with a text in them"),
        KeyBinding([.escape: .back], short: "Esc", help: "Clear the filter"),
    ]

    static let roomMembers: [KeyBinding] = [
        move("member", "Select another member"), open("connection", "The selected one among the connections"),
        back("back", "Back to the tree"),
    ]
}
