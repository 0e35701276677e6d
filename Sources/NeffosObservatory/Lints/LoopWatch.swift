import NeffosFeed

/// Event loops that are late, and handlers that take long, as the samples tell.
struct LoopWatch: Sendable {
    static let subject = "server"
    /// Samples in a row with a late loop.
    var late = 0

    mutating func take(_ sample: FeedEvent.Sample, _ settings: LintSettings) -> [LintFinding] {
        var findings: [LintFinding] = []
        if sample.loopLag >= Double(settings[LintCatalogue.ID.loopLag, "over"]) {
            late = late == .max ? .max : late + 1
            if late >= settings[LintCatalogue.ID.loopLag, "samples"] {
                findings.append(
                    .raise(
                        LintCatalogue.ID.loopLag, subject: LoopWatch.subject,
                        detail: "an event loop was late by \(LoopWatch.text(sample.loopLag)), and has been for \(late) s"))
            }
        } else {
            if late > 0 { findings.append(.clear(LintCatalogue.ID.loopLag, subject: LoopWatch.subject)) }
            late = 0
        }
        if sample.slowestHandler >= Double(settings[LintCatalogue.ID.slowHandler, "over"]) {
            findings.append(
                .raise(
                    LintCatalogue.ID.slowHandler, subject: LoopWatch.subject,
                    detail: "a handler took \(LoopWatch.text(sample.slowestHandler))"))
        }
        return findings
    }

    /// A sample can hold what is no number when the tape is hostile.
    static func text(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite else { return "very long" }
        let whole = Int(min(max(0, milliseconds.rounded()), 1e15))
        return whole < 1000 ? "\(whole) ms" : "\(whole / 1000).\(whole % 1000 / 100) s"
    }
}
