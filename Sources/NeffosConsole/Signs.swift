/// Signs that the screens need beside the ``Glyphs``.
struct Signs: Sendable {
    /// From one step of the funnel to the next.
    var flow: String
    var pause: String
    /// Between the ends of a range.
    var to: String
    /// Before a count of the same.
    var times: String

    static let unicode = Signs(flow: "─►", pause: "‖", to: "–", times: "×")
    static let ascii = Signs(flow: "->", pause: "=", to: "-", times: "x")
}
