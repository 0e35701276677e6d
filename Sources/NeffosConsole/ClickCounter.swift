import Terminal

/// Tells a double click from two clicks.
struct ClickCounter: Sendable {
    /// The longest time between the two.
    static let within: Duration = .milliseconds(400)

    private var last: (position: Position, at: Duration)?

    /// Whether this click is the second one on the same cell.
    mutating func isDouble(_ mouse: MouseEvent, at now: Duration) -> Bool {
        guard mouse.kind == .press else { return false }
        if let last, last.position.row == mouse.position.row, abs(last.position.column - mouse.position.column) <= 1,
            now - last.at <= Self.within
        {
            // A third one begins anew.
            self.last = nil
            return true
        }
        last = (mouse.position, now)
        return false
    }
}
