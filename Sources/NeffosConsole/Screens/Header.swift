import NeffosFeed
import NeffosObservatory
import Terminal

/// The first two lines: which server, for how long, in which state; and its vital figures.
enum Header {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let layout = ConsoleLayout(size: input.model.size)
        let tabs = HeaderTabs(input)
        frame.put(identity(input, room: tabs.start - 1), row: 0, column: 0, columns: layout.header.columns)
        for tab in tabs.tabs {
            let style = tab.isCurrent ? input.theme[.current] : tab.hasNews ? input.theme[.warn] : input.theme[.dim]
            frame.put(tab.text, at: Position(row: layout.header.row, column: tab.columns.lowerBound), style: style)
        }
        frame.put(VitalLine.spans(input, columns: layout.vitals.columns), row: layout.vitals.row, column: 0, columns: layout.vitals.columns)
    }

    /// The cells that node, endpoint, uptime and state need to be whole.
    static func needed(_ input: ScreenInput) -> Int { candidates(input).last?.width(ascii: input.isASCII) ?? 0 }

    /// Node, endpoint, uptime, state. What is said elsewhere goes first where room is short, then the middle of a long address.
    private static func identity(_ input: ScreenInput, room: Int) -> [Span] {
        let candidates = candidates(input)
        if let fitting = candidates.first(where: { $0.width(ascii: input.isASCII) <= room }) { return fitting }
        let (node, url, uptime) = parts(input)
        let short = state(input, withRate: false)
        func line(_ parts: [[Span]]) -> [Span] { .joined(parts, gap: 2) }
        let others = line([uptime, short]).width(ascii: input.isASCII) + 2
        let forNames = max(0, room - others)
        let nodeWidth = node.isEmpty ? 0 : min(node.width(ascii: input.isASCII), forNames / 3)
        let cutNode = node.map { Span(SafeText.escaped($0.text, maximum: nodeWidth, ascii: input.isASCII), $0.style) }
        let forURL = max(0, forNames - (node.isEmpty ? 0 : nodeWidth + 2))
        return line([cutNode, [Span(SafeText.escaped(url, maximum: forURL, ascii: input.isASCII))], uptime, short])
    }

    private static func parts(_ input: ScreenInput) -> (node: [Span], url: String, uptime: [Span]) {
        let theme = input.theme
        let vitals = input.vitals
        // A node that was given no name of its own has that of the program, which stands there already.
        var node = vitals.node.flatMap { $0 == "neffos" ? nil : [Span($0, theme[.strong])] } ?? []
        let nodes = input.model.nodes
        if nodes.areSeveral, let chosen = nodes.chosen {
            // Where names are cut, the place among the others stays.
            node = [Span("\(chosen.id + 1)/\(nodes.all.count) \(chosen.name)", theme[.strong])]
        }
        let url = vitals.url.isEmpty ? "no endpoint yet" : vitals.url
        let uptime = vitals.startedAt.map { [Span("up ", theme[.dim]), Span(ConsoleFormat.elapsed(input.age(since: $0)))] } ?? []
        return (node, url, uptime)
    }

    /// The same in fewer and fewer cells, all with the whole address.
    private static func candidates(_ input: ScreenInput) -> [[Span]] {
        let (node, url, uptime) = parts(input)
        let name = Span("neffos", input.theme[.title])
        let long = state(input, withRate: true)
        let short = state(input, withRate: false)
        func line(_ parts: [[Span]], gap: Int = 2) -> [Span] { .joined(parts, gap: gap) }
        return [
            line([[name], node, [Span(url)], uptime, long]),
            line([node, [Span(url)], uptime, long]),
            line([node, [Span(url)], uptime, short]),
            line([node, [Span(url)], uptime, short], gap: 1),
            line([node, [Span(withoutScheme(url))], uptime, short], gap: 1),
        ]
    }

    private static func withoutScheme(_ url: String) -> String {
        guard let range = url.firstRange(of: "://") else { return url }
        return String(url[range.upperBound...])
    }

    private static func state(_ input: ScreenInput, withRate: Bool) -> [Span] {
        let theme = input.theme
        switch input.model.status {
        case .replay(let replay): return self.replay(replay, input)
        case .offline(let tries, _):
            return [Span("\(theme.glyphs.bad) offline\(tries > 0 ? ", try \(ConsoleFormat.compact(Double(tries)))" : "")", theme[.bad])]
        case .live: break
        }
        if input.model.isPaused { return [Span("\(theme.signs.pause) paused", theme[.warn])] }
        switch input.vitals.state {
        case .starting: return [Span("starting", theme[.warn])]
        case .running: return [Span(withRate ? "live \(input.model.refreshRate) Hz" : "live", theme[.good])]
        case .draining: return [Span("\(theme.glyphs.warning) draining", theme[.warn])]
        case .stopped: return [Span("\(theme.glyphs.bad) stopped", theme[.bad])]
        }
    }

    /// `replay 12:03:11 4×`.
    private static func replay(_ replay: SourceStatus.Replay, _ input: ScreenInput) -> [Span] {
        let theme = input.theme
        let place = "replay \(input.clock(replay.position))"
        if replay.isAtEnd { return [Span("\(place) end", theme[.warn])] }
        if replay.isPaused { return [Span("\(theme.signs.pause) \(place)", theme[.warn])] }
        return [Span("\(place) \(ConsoleFormat.speed(replay.speed))\(theme.signs.times)", theme[.accent])]
    }
}
