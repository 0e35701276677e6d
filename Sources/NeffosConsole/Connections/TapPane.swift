import NeffosFeed
import Terminal

/// The messages of one connection as they come, the newest at the foot.
enum TapPane {
    /// Bytes of a body that are looked at for one line.
    static let longest = 500
    /// From here on there is room for namespace and room.
    private static let wide = 86

    static func draw(_ tap: MessageTap, fieldsBelow: Int, _ input: ScreenInput, into frame: inout Frame, layout: DetailLayout) {
        let theme = input.theme
        // What matters most first: where room is short, the last of them go.
        var figures: [[Span]] = []
        if tap.skipped > 0 { figures.append([Span("\(ConsoleFormat.count(tap.skipped)) not shown", theme[.warn])]) }
        if tap.back > 0 { figures.append([Span("\(ConsoleFormat.count(tap.back)) newer below", theme[.accent])]) }
        figures.append([Span("\(ConsoleFormat.count(tap.count)) so far", theme[.dim])])
        if fieldsBelow > 0 { figures.append([Span("J K: fields", theme[.dim])]) }
        let title = "\(theme.glyphs.open) tap\(tap.isHex ? ", hex" : "")"
        let room = layout.rule.columns - TextWidth.of(title, ascii: frame.ascii) - 9
        while figures.count > 1, [Span].joined(figures, gap: 2).width(ascii: frame.ascii) > room { figures.removeLast() }
        frame.rule(title, trailing: .joined(figures, gap: 2), in: layout.rule, theme: theme)
        let place = layout.messages
        let lines = tap.shown(place.rows)
        if lines.isEmpty {
            frame.put("no message since the tap began", at: place.origin, columns: place.columns, style: theme[.dim])
        }
        for (index, line) in lines.enumerated() {
            frame.put(
                spans(line, isHex: tap.isHex, columns: place.columns, input), row: place.row + index, column: place.column,
                columns: place.columns)
        }
    }

    private static func spans(_ line: MessageTap.Line, isHex: Bool, columns: Int, _ input: ScreenInput) -> [Span] {
        let theme = input.theme
        let message = line.message
        let isIn = message.direction == .in
        let milliseconds = String(1000 + Int(((line.time.milliseconds % 1000) + 1000) % 1000)).dropFirst()
        let place = message.room.isEmpty ? message.namespace : "\(message.namespace)/\(message.room)"
        return [
            Span("\(input.clock(line.time)).\(milliseconds) ", theme[.dim]),
            Span(isIn ? "in  " : "out ", theme[isIn ? .accent : .good]),
            Span(column(ConsoleFormat.bytes(message.bytes), 6, input, isRight: true) + " "),
            Span(column(message.event, columns < wide ? 10 : 16, input) + " ", theme[.strong]),
            // The body is worth more than where it went.
            Span(columns < wide ? "" : column(place, 18, input) + " ", theme[.dim]),
            Span(isHex ? hex(message.body) : String(message.body.prefix(longest))),
        ]
    }

    /// A text of so many cells, so that the lines can be compared.
    private static func column(_ text: String, _ columns: Int, _ input: ScreenInput, isRight: Bool = false) -> String {
        let safe = SafeText.escaped(String(text.prefix(4 * columns)), maximum: columns, ascii: input.isASCII)
        let padding = String(repeating: " ", count: max(0, columns - TextWidth.of(safe, ascii: input.isASCII)))
        return isRight ? padding + safe : safe + padding
    }

    /// A body in hexadecimal digits. One that was no text came as such digits already: so many of nothing else are hardly a text.
    static func hex(_ body: String) -> String {
        let bytes = body.utf8.prefix(longest)
        let isHex = bytes.count >= 16 && body.utf8.count.isMultiple(of: 2) && bytes.allSatisfy { digits.contains($0) }
        let text = isHex ? Array(bytes) : bytes.prefix(longest / 3).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return stride(from: 0, to: text.count - 1, by: 2).map { String(decoding: text[$0...($0 + 1)], as: UTF8.self) }.joined(
            separator: " ")
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
