import NeffosTerminalConsole

/// What a run comes to: the summary, and whether all was as expected.
extension ServeRun {
    /// Writes the summary where it was asked for.
    ///
    /// - Throws: ``CommandFailure`` with what was not as expected, or why the summary could not be written.
    func finish(_ report: SummaryReport, isHeadless: Bool, file: SummaryFile?) throws(CommandFailure) {
        let text = report.text(as: options.summary ?? .text)
        var failure = CommandFailure(.unmet)
        failure.lines = report.failureLines
        if let file {
            if let reason = file.write(text) {
                failure.lines.append(reason)
                if report.failed.isEmpty { failure.code = .unavailable }
            }
        } else if options.summary != nil || (isHeadless && options.feed != "-") {
            Output.text(text)
        }
        if !failure.lines.isEmpty { throw failure }
    }
}
