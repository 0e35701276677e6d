import Terminal

extension KeyTable {
    static let nodes: [KeyBinding] = [
        move("node", "Select another node"), open("show", "Show the selected node on the other screens"),
    ]

    /// On every screen where there are several.
    static let nodeSwitch = KeyBinding(
        [.control("n"): .nextNode, .control("p"): .previousNode], short: "Ctrl-N", label: "Ctrl-N, Ctrl-P",
        help: "Show the next node, the one before")

    /// On the overview, from where one goes on, the key line names the others.
    static func screens(_ abilities: KeyAbilities) -> KeyBinding {
        KeyBinding(
            [.tab: .nextScreen], short: "1-\(last(abilities)) Tab", hint: "screens", help: "The screens, by number or in turn")
    }

    static func byNumber(_ abilities: KeyAbilities) -> KeyBinding {
        let screens = ConsoleScreen.screens(hasNodes: abilities.hasNodes)
        return KeyBinding(
            Dictionary(uniqueKeysWithValues: screens.map { (.character(Character(String($0.rawValue))), .show($0)) }),
            short: "1-\(last(abilities))", help: "The screen of that number: \(screens.map(\.title).joined(separator: ", "))")
    }

    private static func last(_ abilities: KeyAbilities) -> Int {
        ConsoleScreen.screens(hasNodes: abilities.hasNodes).last?.rawValue ?? 1
    }
}
