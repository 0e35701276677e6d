import Terminal

/// What the operator chose on the Rooms screen.
struct RoomsState: Sendable {
    var prompt: ViewPrompt?
    mutating func type(_ key: Key) {}
    /// Takes over what came and went, and keeps the selection in view.
    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, size: Size) {}
}
