import Foundation
import NeffosFeed
import NeffosTerminalConsole

/// What a run comes to: the summary, and whether all was as expected.
extension ServeRun {
    /// Says what of the feed was not written because its reader was too slow, or has left.
    ///
    /// - Returns: a line for each file that could not be written, which makes the run fail.
    func tellLosses(_ written: [(option: String, sink: JSONLinesSink)]) -> [String] {
        var lines: [String] = []
        for (option, sink) in written {
            // A reader of standard output that leaves, as `head` does, has what it wanted.
            let hasLeft = option == "--feed" && options.feed == "-" && sink.failureCode == EPIPE
            if let failure = sink.failure {
                if sink.failureCode == nil || hasLeft {
                    Output.error("neffos: \(failure)")
                } else {
                    lines.append("\(failure); \(FeedFileOutput.remedy(option))")
                }
            } else if sink.statistics.missed > 0 {
                let missed = sink.statistics.missed
                Output.error("neffos: \(option): its reader was too slow for \(missed) events; each feed.gap tells where some were")
            }
        }
        return lines
    }

    /// Writes the summary where it was asked for.
    ///
    /// - Parameter unwritable: of which files it was found before that they cannot be written.
    /// - Throws: ``CommandFailure`` with what was not as expected, or why something could not be written.
    func finish(_ report: SummaryReport, isHeadless: Bool, file: SummaryFile?, unwritable: [String] = []) throws(CommandFailure) {
        let text = report.text(as: options.summary ?? .text)
        var failure = CommandFailure(.unmet)
        failure.lines = report.failureLines + unwritable
        if let file {
            if let reason = file.write(text) { failure.lines.append(reason) }
        } else if options.summary != nil || (isHeadless && options.feed != "-") {
            Output.text(text)
        }
        if report.failed.isEmpty { failure.code = .unavailable }
        if !failure.lines.isEmpty { throw failure }
    }
}
