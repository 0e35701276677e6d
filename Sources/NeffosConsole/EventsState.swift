import Terminal

/// What the operator chose on the Events screen.
struct EventsState: Sendable {
    /// Takes over what came and went, and keeps the selection in view.
    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, size: Size) {}
}
