import NeffosTerminalConsole

/// What a run comes to: the summary, and whether all was as expected.
extension ServeRun {
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
