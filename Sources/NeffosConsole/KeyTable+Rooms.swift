extension KeyTable {
    static let rooms: [KeyBinding] = [move("row", "Select another row")]
}
