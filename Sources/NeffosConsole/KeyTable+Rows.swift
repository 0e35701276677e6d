import Terminal

/// The keys that take something out of the table in view, and those that look at it otherwise.
extension KeyTable {
    static let save = KeyBinding(
        [.control("s"): .save], short: "Ctrl-S",
        help: "Save all rows of the filter to a CSV file")

    static let rows: [KeyBinding] = [
        save,
        KeyBinding(
            [.character("y"): .copyID, .character("Y"): .copyKey], short: "y", label: "y, Y",
            help: "Copy the id, or the key, to the clipboard (OSC 52)"),
        KeyBinding(
            [.function(3): .nextMatch, .character("\\"): .search, .function(15): .previousMatch], short: "F3", label: "F3, \\",
            help: "Find rows with a text, filtering none; Shift-F3: backwards"),
        KeyBinding([.character("#"): .exact], short: "#", help: "Figures as they are, or rounded"),
    ]

    /// Sets of marks made at once.
    static let markSets = KeyBinding(
        [.character("i"): .invertMarks, .character("v"): .markRange], short: "i", label: "i, v",
        help: "Mark what is not marked; mark from the last mark to here")
}
