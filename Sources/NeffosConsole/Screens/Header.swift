import NeffosFeed
import NeffosObservatory
import Terminal

/// The first two lines: which server, for how long, in which state; and its vital figures.
enum Header {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let layout = ConsoleLayout(size: input.model.size)
        let tabs = tabs(input)
        let tabsWidth = tabs.width(ascii: frame.ascii)
        frame.putRight(tabs, row: layout.header.row, column: 0, columns: layout.header.columns)
        frame.put(identity(input, room: layout.header.columns - tabsWidth - 1), row: 0, column: 0, columns: layout.header.columns)
        frame.put(VitalLine.spans(input, columns: layout.vitals.columns), row: layout.vitals.row, column: 0, columns: layout.vitals.columns)
    }

    /// Node, endpoint, uptime, state. What is said elsewhere goes first where room is short, then the middle of a long address.
    private static func identity(_ input: ScreenInput, room: Int) -> [Span] {
        let theme = input.theme
        let vitals = input.vitals
        let name = Span("neffos", theme[.title])
        // A node that was given no name of its own has that of the program, which stands there already.
        let node = vitals.node.flatMap { $0 == "neffos" ? nil : [Span($0, theme[.strong])] } ?? []
        let url = vitals.url.isEmpty ? "no endpoint yet" : vitals.url
        let uptime = vitals.startedAt.map { [Span("up ", theme[.dim]), Span(ConsoleFormat.elapsed(input.age(since: $0)))] } ?? []
        func line(_ parts: [[Span]], gap: Int = 2) -> [Span] { .joined(parts, gap: gap) }
        let long = state(input, withRate: true)
        let short = state(input, withRate: false)
        let candidates = [
            line([[name], node, [Span(url)], uptime, long]),
            line([node, [Span(url)], uptime, long]),
            line([node, [Span(url)], uptime, short]),
            line([node, [Span(url)], uptime, short], gap: 1),
            line([node, [Span(withoutScheme(url))], uptime, short], gap: 1),
        ]
        if let fitting = candidates.first(where: { $0.width(ascii: input.isASCII) <= room }) { return fitting }
        let others = line([uptime, short]).width(ascii: input.isASCII) + 2
        let forNames = max(0, room - others)
        let nodeWidth = node.isEmpty ? 0 : min(node.width(ascii: input.isASCII), forNames / 3)
        let cutNode = node.map { Span(SafeText.escaped($0.text, maximum: nodeWidth, ascii: input.isASCII), $0.style) }
        let forURL = max(0, forNames - (node.isEmpty ? 0 : nodeWidth + 2))
        return line([cutNode, [Span(SafeText.escaped(url, maximum: forURL, ascii: input.isASCII))], uptime, short])
    }

    private static func withoutScheme(_ url: String) -> String {
        guard let range = url.firstRange(of: "://") else { return url }
        return String(url[range.upperBound...])
    }

    private static func state(_ input: ScreenInput, withRate: Bool) -> [Span] {
        let theme = input.theme
        if input.model.isPaused { return [Span("\(theme.signs.pause) paused", theme[.warn])] }
        switch input.vitals.state {
        case .starting: return [Span("starting", theme[.warn])]
        case .running: return [Span(withRate ? "live \(input.model.refreshRate) Hz" : "live", theme[.good])]
        case .draining: return [Span("\(theme.glyphs.warning) draining", theme[.warn])]
        case .stopped: return [Span("\(theme.glyphs.bad) stopped", theme[.bad])]
        }
    }

    private static func tabs(_ input: ScreenInput) -> [Span] {
        let theme = input.theme
        let isAway = input.incidents.first.map { $0.isOpen } ?? false
        return ConsoleScreen.allCases.flatMap { screen -> [Span] in
            let isCurrent = screen == input.model.screen
            let badge = screen == .returns && isAway ? (input.isASCII ? theme.glyphs.warning : theme.glyphs.open) : ""
            let style = isCurrent ? theme[.current] : badge.isEmpty ? theme[.dim] : theme[.warn]
            let text = "\(screen.rawValue) \(screen.title)\(badge)"
            return input.model.size.columns < 100 ? [Span(" "), Span(text, style)] : [Span(" \(text) ", style)]
        }
    }
}
