import Terminal

/// The keys that do something to connections or to the server, and those of the dialogs they lead to.
extension KeyTable {
    /// The menu and the keys that lead past it; where nothing can be steered, the keys that say so.
    static func actions(_ abilities: KeyAbilities, _ direct: [ActionKind]) -> [KeyBinding] {
        let kinds = direct + [.drill]
        switch abilities.steering {
        case .open:
            return [KeyBinding([.character("a"): .actions], short: "a", hint: "act", help: "What can be done, and on whom")]
                + kinds.map { kind in
                    KeyBinding(
                        [.character(kind.key): .act(kind)], short: String(kind.key), hint: kind.title,
                        help: "\(kind.title.prefix(1).uppercased())\(kind.title.dropFirst()): \(kind.meaning)")
                }
        case .readOnly, .none:
            let keys = ["a"] + kinds.map { String($0.key) }
            return [
                KeyBinding(
                    Dictionary(uniqueKeysWithValues: keys.map { (.character(Character($0)), .explain) }), short: "a",
                    label: keys.joined(separator: " "), hint: abilities.steering == .readOnly ? "read-only" : nil,
                    help: explanation(abilities))
            ]
        }
    }

    /// Why nothing can be steered.
    static func explanation(_ abilities: KeyAbilities) -> String {
        if abilities.isTape { return "No actions: a tape is only looked at" }
        return abilities.steering == .readOnly
            ? "No actions: the server takes none from here, it is read-only" : "No actions: nothing can be steered from here"
    }

    static func marks(_ abilities: KeyAbilities) -> [KeyBinding] {
        guard abilities.steering == .open else { return [] }
        return [
            KeyBinding(
                [.character("m"): .mark, .character("*"): .markAll, .character("M"): .clearMarks], short: "m", label: "m, *, M",
                hint: "mark", help: "Mark the row, all that the filter shows, none"), markSets,
        ]
    }

    /// The messages of the connection in view: from a server that may be steered, or as a tape has them.
    static func tapping(_ abilities: KeyAbilities) -> [KeyBinding] {
        guard abilities.steering == .open || abilities.isTape else { return [] }
        return [
            KeyBinding([.character("t"): .tap], short: "t", hint: "tap", help: "Show its messages as they come; again: no more"),
            KeyBinding([.character("h"): .hex], short: "h", help: "Bodies of the tap in hexadecimal, or as text"),
            KeyBinding(
                [.character("K"): .scrollUp, .character("J"): .scrollDown], short: "J K",
                help: "Scroll the detail while its messages are shown"),
        ]
    }

    static let menu: [KeyBinding] =
        [
            KeyBinding(
                [.up: .up, .down: .down], short: "↑↓", label: "↑ ↓", ascii: "Up Dn", hint: "choose", help: "Select another action"),
            KeyBinding([.enter: .open], short: "Enter", hint: "go on", help: "Do it; asks for what it needs", isVital: true),
            KeyBinding(
                [.left: .left, .right: .right, .tab: .right, .backTab: .left], short: "Tab", label: "Tab, ← →", ascii: "Tab",
                hint: "on whom", help: "On whom: the selected, the marked, all that the filter shows"),
            KeyBinding(
                [.escape: .back, .character("q"): .back, .control("c"): .back], short: "Esc", hint: "close", help: "Do nothing",
                isVital: true),
        ]
        + ActionKind.allCases.map { kind in
            KeyBinding([.character(kind.key): .act(kind)], short: String(kind.key), help: "\(kind.title): \(kind.meaning)")
        }

    static let form: [KeyBinding] = [
        KeyBinding(
            [.tab: .down, .down: .down, .backTab: .up, .up: .up], short: "Tab", label: "Tab, ↑ ↓", asciiLabel: "Tab, Up Down",
            hint: "next field", help: "The next field, the one before"),
        KeyBinding([.enter: .accept], short: "Enter", hint: "do it", help: "Do it; more than one are confirmed first", isVital: true),
        KeyBinding([.escape: .back, .control("c"): .back], short: "Esc", hint: "leave", help: "Do nothing", isVital: true),
    ]

    static let agreement: [KeyBinding] = [
        KeyBinding([.enter: .accept], short: "Enter", hint: "do it, once it is typed", help: "Do it", isVital: true),
        KeyBinding([.escape: .back, .control("c"): .back], short: "Esc", hint: "leave", help: "Do nothing", isVital: true),
    ]

    static let chooser: [KeyBinding] = [
        move("column", "Select another column"),
        KeyBinding(
            [.character(" "): .toggle, .character("x"): .toggle], short: "Space", hint: "show", help: "Show it, or not", isVital: true),
        KeyBinding(
            [.character("<"): .moveLeft, .left: .moveLeft, .character(">"): .moveRight, .right: .moveRight], short: "< >",
            hint: "move", help: "Move it to the left, to the right"),
        KeyBinding([.character("s"): .sortNext], short: "s", hint: "sort", help: "Sort by it; again: the other way round"),
        KeyBinding([.character("d"): .reset], short: "d", hint: "defaults", help: "The columns as they are without a choice"),
        KeyBinding(
            [.enter: .accept, .escape: .accept, .character("c"): .accept, .character("q"): .accept, .control("c"): .accept], short: "Enter",
            label: "Enter, Esc", hint: "close", help: "Close; the choice is kept for the next time", isVital: true),
    ]

    static let editing: [KeyBinding] = [
        KeyBinding([.enter: .accept], short: "Enter", hint: "keep", help: "Keep the filter and go back to the rows", isVital: true),
        KeyBinding([.escape: .back], short: "Esc", hint: "clear", help: "Clear the filter", isVital: true),
        KeyBinding([.tab: .complete], short: "Tab", hint: "complete", help: "Go on as a field or a name that there is; again: the next"),
        KeyBinding([.up: .older, .down: .newer], short: "↑↓", ascii: "Up Dn", hint: "earlier", help: "Filters of before"),
        KeyBinding([.control("c"): .quit], short: "Ctrl-C", help: "Leave"),
    ]
}
