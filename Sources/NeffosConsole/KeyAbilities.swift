/// What decides, beside the view, which keys there are.
struct KeyAbilities: Sendable, Hashable {
    var steering = Steering.open
    /// The picture comes from a tape.
    var isTape = false
    /// There are several servers to look at.
    var hasNodes = false
}
