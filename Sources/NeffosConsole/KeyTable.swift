import Terminal

/// Which keys work where. The key line, the help and the update all read this table, so none of them can say what another does not do.
enum KeyTable {
    static func bindings(in context: KeyContext) -> [KeyBinding] {
        switch context {
        case .overview: [screens, log] + pause + general
        case .connections:
            [move("row", "Select another connection"), open("detail", "Open the detail of the selected connection")] + table + jumps
                + pause + [hidden(log)] + general
        case .connectionDetail:
            [move("row", "Select another connection"), pages("Scroll the detail"), back("close", "Close the detail")] + table + pause
                + [hidden(log)] + general
        case .rooms: rooms + jumps + pause + [hidden(log)] + general
        case .events: events + jumps + pause + [hidden(log)] + general
        case .returns:
            [move("incident", "Select another incident"), open("missing", "List all who are missing in the selected incident"), probes]
                + jumps + [hold, hidden(log)] + general
        case .missing: missing + jumps + pause + [hidden(log)] + general
        case .probes:
            [move("scroll", "Scroll"), probesBack, back("back", "Back to the incidents")] + jumps + [hold, hidden(log)] + general
        case .log: [move("scroll", "Scroll"), logBack, back("back", "Back to the screen")] + jumps + pause + general
        case .help: [move("scroll", "Scroll"), pages("One page"), closeHelp]
        case .filter: [acceptFilter, clearFilter, deleteCharacter, clearText, leaveFilter]
        case .confirmQuit: [confirm, stay]
        case .typing: typing
        }
    }

    /// The command of a key, nil where the key does nothing.
    static func command(for key: Key, in context: KeyContext) -> ConsoleCommand? {
        for binding in bindings(in: context) {
            if let command = binding.commands[key] { return command }
        }
        return nil
    }

    /// On the overview, from where one goes on, the key line names the others.
    private static let screens = KeyBinding(
        [.tab: .nextScreen], short: "1-5 Tab", hint: "screens", help: "The screens, by number or in turn")

    private static let general: [KeyBinding] =
        ConsoleScreen.allCases.map { screen in
            let number = String(screen.rawValue)
            return KeyBinding(
                [.character(Character(number)): .show(screen)], short: number, help: "Screen \(screen.title)")
        } + [
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

    private static let table: [KeyBinding] = [
        KeyBinding([.character("s"): .sortNext], short: "s", hint: "sort", help: "Sort by the next column"),
        KeyBinding(
            [.character("S"): .sortReverse, .character("r"): .sortReverse], short: "r", label: "r, S", hint: "reverse",
            help: "Sort the other way round"),
        KeyBinding(
            [.character("/"): .filter], short: "/", hint: "filter",
            help: "Only rows with a text in id, key, address, ns or room"),
        KeyBinding([.escape: .back], short: "Esc", help: "Clear the filter"),
    ]

    private static let jumps: [KeyBinding] = [
        pages("One page up, one page down"),
        KeyBinding(
            [.home: .first, .character("g"): .first, .end: .last, .character("G"): .last], short: "Home End", label: "Home End, g G",
            help: "The first row, the last row"),
    ]

    private static let pause: [KeyBinding] = [
        KeyBinding(
            [.character(" "): .pause, .character("p"): .pause], short: "Space", label: "Space, p", hint: "pause",
            help: "Hold the picture still; again: go on, nothing is lost")
    ]
    /// Where `p` means something else.
    private static let hold = KeyBinding(
        [.character(" "): .pause], short: "Space", hint: "pause", help: "Hold the picture still; again: go on, nothing is lost")

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

    private static let acceptFilter = KeyBinding(
        [.enter: .accept], short: "Enter", hint: "keep", help: "Keep the filter and go back to the rows", isVital: true)
    private static let clearFilter = KeyBinding(
        [.escape: .back], short: "Esc", hint: "clear", help: "Clear the filter", isVital: true)
    private static let deleteCharacter = KeyBinding(
        [.backspace: .deleteCharacter, .delete: .deleteCharacter, .control("h"): .deleteCharacter], short: "Backspace",
        help: "Delete a character")
    private static let clearText = KeyBinding([.control("u"): .clearText], short: "Ctrl-U", hint: "empty", help: "Delete all of it")
    private static let leaveFilter = KeyBinding([.control("c"): .quit], short: "Ctrl-C", help: "Leave")

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
