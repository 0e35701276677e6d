import Terminal

/// Which keys work where. The key line, the help and the update all read this table, so none of them can say what another does not do.
enum KeyTable {
    static func bindings(in context: KeyContext, _ abilities: KeyAbilities = KeyAbilities()) -> [KeyBinding] {
        let pause = abilities.isTape ? [tapePause] + tape : [pause]
        let hold = abilities.isTape ? [tapeHold] + tape : [hold]
        let server = actions(abilities, [])
        let general = [byNumber(abilities)] + general + (abilities.hasNodes ? [nodeSwitch] : [])
        switch context {
        case .overview: return [screens(abilities), log, zoom] + server + pause + general
        case .connections:
            return [move("row", "Select another connection"), open("detail", "Open the detail of the selected connection")]
                + actions(abilities, [.kick]) + [filter] + table + marks(abilities) + rows + jumps + pause + [hidden(log)] + general
        case .connectionDetail:
            return [move("row", "Select another connection"), pages("Scroll the detail, or the tap"), back("close", "Close the detail")]
                + tapping(abilities) + actions(abilities, [.kick]) + [filter] + table + marks(abilities) + rows + pause + [hidden(log)]
                + general
        case .rooms: return rooms + [save] + jumps + server + pause + [hidden(log)] + general
        case .roomMembers: return roomMembers + jumps + server + pause + [hidden(log)] + general
        case .nodes: return nodes + jumps + server + pause + [hidden(log)] + general
        case .events: return events + [save] + jumps + server + pause + [hidden(log)] + general
        case .returns:
            return [
                move("incident", "Select another incident"), open("missing", "List all who are missing in the selected incident"), probes,
            ]
                + jumps + server + hold + [hidden(log)] + general
        case .missing:
            return missing + jumps + server + pause + [hidden(log)] + general
        case .probes:
            return [move("scroll", "Scroll"), probesBack, back("back", "Back to the incidents")] + jumps + server + hold + [hidden(log)]
                + general
        case .log: return [move("scroll", "Scroll"), logBack, back("back", "Back to the screen")] + jumps + pause + general
        case .help: return [move("scroll", "Scroll"), pages("One page"), closeHelp]
        case .filter: return editing
        case .confirmQuit: return [confirm, stay]
        case .actions: return menu
        case .form: return form
        case .confirmAction: return agreement
        case .columns: return chooser
        case .typing: return typing
        }
    }

    /// The command of a key, nil where the key does nothing.
    static func command(for key: Key, in context: KeyContext, _ abilities: KeyAbilities = KeyAbilities()) -> ConsoleCommand? {
        for binding in bindings(in: context, abilities) {
            if let command = binding.commands[key] { return command }
        }
        return nil
    }

    private static let general: [KeyBinding] = [
        KeyBinding(
            [.tab: .nextScreen, .right: .nextScreen, .backTab: .previousScreen, .left: .previousScreen], short: "Tab",
            label: "Tab, Shift-Tab", help: "Next and previous screen; so do the arrows left and right"),
        KeyBinding([.control("l"): .redraw], short: "Ctrl-L", help: "Draw the screen anew"),
        KeyBinding([.control("z"): .suspend], short: "Ctrl-Z", help: "Suspend; not while serving: it would stop the server"),
        KeyBinding([.character("?"): .help, .function(1): .help], short: "?", hint: "help", help: "This help", isVital: true),
        KeyBinding(
            [.character("q"): .quit, .control("c"): .quit], short: "q", hint: "quit",
            help: "Leave; asks first where clients would lose their server", isVital: true),
    ]

    private static let filter = KeyBinding(
        [.character("/"): .filter], short: "/", hint: "filter", help: "Only rows that a filter lets through: ns:chat tries>3 -key:bob")

    private static let table: [KeyBinding] = [
        KeyBinding(
            [.character("s"): .sortNext, .character(">"): .sortNext, .character("<"): .sortPrevious], short: "s", label: "s, < >",
            hint: "sort", help: "Sort by the next column, the one before"),
        KeyBinding(
            [.character("r"): .sortReverse, .character("S"): .sortReverse], short: "r", label: "r, S", hint: "reverse",
            help: "Sort the other way round"),
        KeyBinding([.character("c"): .columns], short: "c", hint: "columns", help: "Choose columns"),
        KeyBinding([.escape: .back], short: "Esc", help: "Clear the filter"),
    ]

    private static let jumps: [KeyBinding] = [
        pages("One page up, one page down"),
        KeyBinding(
            [.home: .first, .character("g"): .first, .end: .last, .character("G"): .last], short: "Home End", label: "Home End, g G",
            help: "The first row, the last row"),
    ]

    private static let pause = KeyBinding(
        [.character(" "): .pause, .character("p"): .pause], short: "Space", label: "Space, p", hint: "pause",
        help: "Hold the picture still; again: go on, nothing is lost")
    /// Where `p` means something else.
    private static let hold = KeyBinding(
        [.character(" "): .pause], short: "Space", hint: "pause", help: "Hold the picture still; again: go on, nothing is lost")

    private static let zoom = KeyBinding(
        [.character("z"): .zoom], short: "z", hint: "zoom", help: "A step of the graphs is a second, ten seconds, two minutes")
    private static let log = KeyBinding(
        [.character("l"): .log], short: "l", hint: "log", help: "The newest log lines of this process")
    private static let logBack = KeyBinding([.character("l"): .back], short: "l", help: "Back to the screen")
    private static let probes = KeyBinding(
        [.character("p"): .probes], short: "p", hint: "probes", help: "Who knocks with HEAD, and what became of them")
    private static let probesBack = KeyBinding([.character("p"): .back], short: "p", help: "Back to the incidents")
    private static let closeHelp = KeyBinding(
        [
            .escape: .back, .character("?"): .back, .character("q"): .back, .enter: .back, .function(1): .back, .control("c"): .back,
        ], short: "Esc", hint: "close", help: "Close the help", isVital: true)

    private static let confirm = KeyBinding(
        [.character("y"): .accept, .character("Y"): .accept, .enter: .accept], short: "y", label: "y, Enter", hint: "stop the server",
        help: "Stop the server and leave", isVital: true)
    private static let stay = KeyBinding(
        [
            .character("n"): .refuse, .character("N"): .refuse, .escape: .refuse, .character("q"): .refuse, .control("c"): .refuse,
        ], short: "n", label: "n, Esc", hint: "stay", help: "Stay", isVital: true)

    static func hidden(_ binding: KeyBinding) -> KeyBinding {
        var binding = binding
        binding.hint = nil
        return binding
    }

    static func move(_ hint: String, _ help: String) -> KeyBinding {
        KeyBinding(
            [.up: .up, .character("k"): .up, .down: .down, .character("j"): .down], short: "↑↓", label: "↑ ↓, k j", ascii: "Up Dn",
            asciiLabel: "Up Down, k j", hint: hint, help: help)
    }

    static func pages(_ help: String) -> KeyBinding {
        KeyBinding([.pageUp: .pageUp, .pageDown: .pageDown], short: "PgUp PgDn", help: help)
    }

    static func open(_ hint: String, _ help: String) -> KeyBinding {
        KeyBinding([.enter: .open], short: "Enter", hint: hint, help: help)
    }

    static func back(_ hint: String, _ help: String) -> KeyBinding {
        KeyBinding([.escape: .back], short: "Esc", hint: hint, help: help)
    }
}
