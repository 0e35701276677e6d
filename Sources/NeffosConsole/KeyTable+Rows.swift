import Terminal

/// The keys that take something out of the table in view, and those that look at it otherwise.
extension KeyTable {
    static let save = KeyBinding(
        [.control("s"): .save], short: "Ctrl-S",
        help: "Write the table to a CSV file in the working directory: all rows of the filter, in their order")

    static let rows: [KeyBinding] = [
        save,
        KeyBinding(
            [.character("y"): .copyID, .character("Y"): .copyKey], short: "y", label: "y, Y",
            help: "Copy the id to the clipboard, or the key; where the terminal takes it (OSC 52)"),
        KeyBinding(
            [.function(3): .nextMatch, .character("\\"): .search, .function(15): .previousMatch], short: "F3", label: "F3, \\",
            help: "Go to rows with a text, without filtering; again: the next one, Shift-F3 the one before; \\ another text"),
        KeyBinding([.character("#"): .exact], short: "#", help: "Figures as they are, or rounded"),
    ]

    /// Sets of marks made at once.
    static let markSets = KeyBinding(
        [.character("i"): .invertMarks, .character("v"): .markRange], short: "i", label: "i, v",
        help: "Mark what is not marked, of what the filter shows; mark from the row marked last to this one")
}
