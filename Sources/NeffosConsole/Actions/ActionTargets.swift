/// On whom an action works.
enum ActionTargets: Sendable, Hashable {
    /// The row with this id.
    case selected(String)
    /// All that carry a mark.
    case marked
    /// All that the filter shows, in view or not.
    case shown
    /// All that are connected.
    case everybody
}
