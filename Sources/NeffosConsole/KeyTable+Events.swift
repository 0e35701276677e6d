extension KeyTable {
    static let events: [KeyBinding] = [move("row", "Select another row")]
}
