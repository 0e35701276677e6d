import NeffosFeed
import NeffosObservatory
import Terminal

/// A graph with its name and figures.
struct GraphFigure {
    var title: String
    /// The name where a line must do.
    var lane: String
    /// The figure of now; the first of them is the one that counts.
    var now: [Span]
    /// The figure of the past: a peak or a total.
    var past: [Span]
    var series: Series
    var role: Theme.Role

    func draw(_ input: ScreenInput, into frame: inout Frame, in rect: Rect) {
        let zoom = input.model.zoom
        // A peak of one second is still seen where a step is two minutes.
        let values = input.observatory.history(
            series, resolution: zoom, buckets: min(zoom.capacity, Timeline.steps(in: rect.columns)), peaks: true)
        Timeline.draw(values, into: &frame, in: rect, theme: input.theme, role: role)
    }

    /// The four that stand on every overview.
    static func main(_ input: ScreenInput) -> [GraphFigure] {
        let theme = input.theme
        let vitals = input.vitals
        let probes = vitals.probeRate
        return [
            GraphFigure(
                title: "Connections", lane: "Connections",
                now: [strong(ConsoleFormat.short(vitals.connections), theme)] + open(vitals, theme),
                past: [dim("peak \(ConsoleFormat.short(vitals.connectionsPeak))", theme)], series: .connections, role: .accent),
            GraphFigure(
                title: "Returns", lane: "Returns", now: [strong(ConsoleFormat.rate(latest(.returned, input)), theme)],
                past: [dim("total \(ConsoleFormat.short(vitals.returned))", theme)], series: .returned, role: .good),
            GraphFigure(
                title: "HEAD probes", lane: "HEAD probes", now: [strong(ConsoleFormat.rate(probes.perSecond1), theme)],
                past: [dim("peak \(ConsoleFormat.rate(probes.peak))", theme)], series: .probes, role: .warn),
            GraphFigure(
                title: "Messages", lane: "Messages in",
                now: [
                    strong(ConsoleFormat.rate(vitals.sample?.messagesInPerSecond ?? 0), theme), dim(" in", theme),
                ],
                past: [dim("out \(ConsoleFormat.rate(vitals.sample?.messagesOutPerSecond ?? 0))", theme)], series: .messagesIn,
                role: .accent),
        ]
    }

    /// Four more where the screen is tall.
    static func more(_ input: ScreenInput) -> [GraphFigure] {
        let theme = input.theme
        let vitals = input.vitals
        return [
            GraphFigure(
                title: "Closed", lane: "Closed", now: [strong(ConsoleFormat.rate(vitals.closedRate.perSecond1), theme)],
                past: [dim("total \(ConsoleFormat.short(vitals.closed))", theme)], series: .closed, role: .bad),
            GraphFigure(
                title: "Opened", lane: "Opened", now: [strong(ConsoleFormat.rate(vitals.openedRate.perSecond1), theme)],
                past: [dim("total \(ConsoleFormat.short(vitals.opened))", theme)], series: .opened, role: .good),
            GraphFigure(
                title: "Refused", lane: "Refused", now: [strong(ConsoleFormat.rate(latest(.rejected, input)), theme)],
                past: [dim("total \(ConsoleFormat.short(vitals.rejected))", theme)], series: .rejected, role: .bad),
            GraphFigure(
                title: "Messages out", lane: "Messages out",
                now: [
                    strong(ConsoleFormat.rate(vitals.sample?.messagesOutPerSecond ?? 0), theme), dim(" out", theme),
                ],
                past: [], series: .messagesOut, role: .accent),
        ]
    }

    /// Those that stand one above the other where boxes do not fit.
    static func lanes(_ input: ScreenInput) -> [GraphFigure] {
        let main = main(input)
        let more = more(input)
        return [main[0], more[1], more[0]] + main[1...]
    }

    private static func open(_ vitals: Vitals, _ theme: Theme) -> [Span] {
        [
            dim("  +", theme), dim(ConsoleFormat.compact(vitals.openedRate.perSecond1), theme), dim(" -", theme),
            dim(ConsoleFormat.rate(vitals.closedRate.perSecond1), theme),
        ]
    }

    private static func latest(_ series: Series, _ input: ScreenInput) -> Double { input.observatory.history(series, buckets: 1).last ?? 0 }
    private static func strong(_ text: String, _ theme: Theme) -> Span { Span(text, theme[.strong]) }
    private static func dim(_ text: String, _ theme: Theme) -> Span { Span(text, theme[.dim]) }
}
