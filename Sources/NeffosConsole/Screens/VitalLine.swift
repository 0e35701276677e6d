import NeffosFeed
import NeffosObservatory
import Terminal

/// The vital figures, as many as there is room for: conns, ns, rooms, returned and HEAD always.
enum VitalLine {
    static func spans(_ input: ScreenInput, columns: Int) -> [Span] {
        let optional = optionalFigures(input)
        let full = vitalFigures(input, isShort: false)
        for count in stride(from: optional.count, through: 0, by: -1) {
            let line = [Span].joined(full + optional.prefix(count), gap: 3)
            if line.width(ascii: input.isASCII) <= columns { return line }
        }
        let narrow = [Span].joined(full, gap: 1)
        return narrow.width(ascii: input.isASCII) <= columns ? narrow : .joined(vitalFigures(input, isShort: true), gap: 2)
    }

    private static func vitalFigures(_ input: ScreenInput, isShort: Bool) -> [[Span]] {
        let theme = input.theme
        let vitals = input.vitals
        func number(_ value: Int) -> Span {
            Span(isShort ? ConsoleFormat.compact(Double(value)) : ConsoleFormat.count(value), theme[.strong])
        }
        func label(_ text: String) -> Span { Span(text + " ", theme[.dim]) }
        var connections = [label("conns"), number(vitals.connections)]
        if vitals.delta10s != 0 {
            let rises = vitals.delta10s > 0
            connections.append(
                Span(
                    " " + (rises ? theme.glyphs.rise : theme.glyphs.fall) + number(abs(vitals.delta10s)).text,
                    rises ? theme[.good] : theme[.warn]))
        }
        var returned = [label("returned"), number(vitals.returned)]
        if vitals.maxTries > 0 {
            returned.append(
                Span(isShort ? " (try \(number(vitals.maxTries).text))" : " (max try \(number(vitals.maxTries).text))", theme[.dim]))
        }
        let probes = vitals.probeRate.perSecond10
        let knocking = [label("HEAD"), Span(ConsoleFormat.rate(probes), probes > 0 ? theme[.warn] : theme[.strong])]
        return [
            connections, [label("ns"), number(vitals.namespaces)], [label("rooms"), number(vitals.rooms)], returned, knocking,
        ]
    }

    /// The most important first: the last of them leaves first.
    private static func optionalFigures(_ input: ScreenInput) -> [[Span]] {
        let theme = input.theme
        let vitals = input.vitals
        var figures: [[Span]] = []
        if vitals.missed > 0 { figures.append([Span("\(theme.glyphs.warning) missed \(ConsoleFormat.count(vitals.missed))", theme[.bad])]) }
        if vitals.violations > 0 {
            figures.append([Span("\(theme.glyphs.warning) violations \(ConsoleFormat.count(vitals.violations))", theme[.warn])])
        }
        guard let sample = vitals.sample else { return figures }
        func figure(_ label: String, _ value: String) -> [Span] { [Span(label + " ", theme[.dim]), Span(value)] }
        figures.append(figure("in", ConsoleFormat.rate(sample.messagesInPerSecond)))
        figures.append(figure("out", ConsoleFormat.rate(sample.messagesOutPerSecond)))
        let slow = input.observatory.slowConsumers
        figures.append([Span("slow ", theme[.dim]), Span(ConsoleFormat.count(slow), slow > 0 ? theme[.bad] : .plain)])
        figures.append(figure("cpu", ConsoleFormat.percent(sample.cpuPercent)))
        figures.append(figure("mem", ConsoleFormat.bytes(sample.memoryBytes)))
        figures.append(figure("lag", ConsoleFormat.lag(sample.loopLag)))
        return figures
    }
}
