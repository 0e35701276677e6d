import Terminal

extension KeyTable {
    static let missing: [KeyBinding] = [
        move("scroll", "Scroll"),
        KeyBinding(
            [.character("/"): .filter], short: "/", hint: "search", help: "Only those with a text in key, address, id, namespace or room"),
        back("back", "Back to the incidents; clear the search before"),
    ]
}
