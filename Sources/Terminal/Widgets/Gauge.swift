/// A bar that is filled from the left, by eighths of a cell where the glyphs have them.
public struct Gauge: Sendable {
    /// The filled part, 0 to 1; anything else is brought within.
    public var fraction: Double

    public init(fraction: Double) {
        self.fraction = fraction
    }

    /// A bar of `value` out of `whole`; empty where the whole is 0.
    public init(_ value: Int, of whole: Int) {
        fraction = whole > 0 ? Double(value) / Double(whole) : 0
    }

    /// The bar as text of at most `columns` cells, without the empty part.
    public func text(columns: Int, glyphs: Glyphs) -> String {
        guard columns > 0, fraction.isFinite, fraction > 0, let full = glyphs.bar.last else { return "" }
        let parts = glyphs.bar.count - 1
        // Something is never shown as nothing, and only all is shown as all.
        var filled = max(1, min(columns * parts, Int((min(1, fraction) * Double(columns * parts)) + 0.5)))
        if fraction < 1, filled == columns * parts { filled = max(1, filled - 1) }
        let rest = filled % parts
        return String(repeating: full, count: filled / parts) + (rest > 0 ? glyphs.bar[rest] : "")
    }

    /// Draws the bar into the first row of the rectangle; the empty part stays as it is.
    public func draw(in rect: Rect, into frame: inout Frame, glyphs: Glyphs, style: Style = .plain) {
        guard !rect.isEmpty else { return }
        frame.put(text(columns: rect.columns, glyphs: glyphs), at: rect.origin, columns: rect.columns, style: style)
    }
}
