import Terminal

/// One row of the key table: keys that belong together, what each does, and how the key line and the help say it.
struct KeyBinding: Sendable {
    var commands: [Key: ConsoleCommand]
    /// The keys in the fewest characters, for the key line.
    var short: String
    /// The keys in full, for the help.
    var label: String
    var asciiShort: String
    var asciiLabel: String
    /// A word for the key line; nil keeps it off that line.
    var hint: String?
    /// A sentence for the help.
    var help: String
    /// Whether it keeps its place on a narrow key line.
    var isVital: Bool

    func label(ascii: Bool) -> String { ascii ? asciiLabel : label }

    init(
        _ commands: [Key: ConsoleCommand], short: String, label: String? = nil, ascii: String? = nil, asciiLabel: String? = nil,
        hint: String? = nil, help: String, isVital: Bool = false
    ) {
        self.commands = commands
        self.short = short
        self.label = label ?? short
        asciiShort = ascii ?? short
        self.asciiLabel = asciiLabel ?? label ?? asciiShort
        self.hint = hint
        self.help = help
        self.isVital = isVital
    }
}
