import NeffosObservatory
import Terminal

/// An alert as it is written everywhere: sign, title, sentence.
enum AlertLine {
    static func spans(_ alert: Alert, theme: Theme) -> [Span] {
        let (sign, role) = mark(alert.severity, theme)
        let count = alert.count > 1 ? " \(theme.signs.times)\(ConsoleFormat.count(alert.count))" : ""
        return [Span(sign + " ", theme[role]), Span(alert.title + count, theme[role]), Span("  " + alert.detail)]
    }

    private static func mark(_ severity: Alert.Severity, _ theme: Theme) -> (String, Theme.Role) {
        switch severity {
        case .info: (theme.glyphs.bullet, .accent)
        case .warning: (theme.glyphs.warning, .warn)
        case .problem: (theme.glyphs.bad, .bad)
        }
    }
}
