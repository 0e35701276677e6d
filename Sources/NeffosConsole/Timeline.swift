import Terminal

/// A graph of one value a step, the newest at the right edge.
///
/// A cell is two steps, with braille as well as in ASCII, so that graphs of the same width show the same time.
enum Timeline {
    static func steps(in columns: Int) -> Int { max(0, columns) * 2 }

    /// - Parameter ceiling: what fills the whole height; nil: the largest value in view.
    static func draw(
        _ values: [Double], ceiling: Double? = nil, into frame: inout Frame, in rect: Rect, theme: Theme, role: Theme.Role
    ) {
        let shown = Array(values.suffix(steps(in: rect.columns)))
        Sparkline(theme.glyphs.isASCII ? pairs(shown) : shown, ceiling: ceiling)
            .draw(in: rect, into: &frame, glyphs: theme.glyphs, style: theme[role], idle: theme[.border])
    }

    /// The larger of every two, paired from the newest.
    private static func pairs(_ values: [Double]) -> [Double] {
        stride(from: values.count, to: 0, by: -2).map { max(values[$0 - 1], $0 >= 2 ? values[$0 - 2] : 0) }.reversed()
    }
}
