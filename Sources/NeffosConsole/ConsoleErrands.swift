import NeffosFeed
import Synchronization

/// What the console asks of the server, off its own thread, and what came of it. A report wakes the console.
final class ConsoleErrands: Sendable {
    enum Report: Sendable {
        case outcome(OperatorOutcome, of: OperatorCommand)
        case details(ConnectionDetails?, of: String)
        case saved(ExportFile.Outcome)
    }

    private struct State {
        var reports: [Report] = []
        var isAskingFigures = false
        var isAskingDetails = false
        var isSaving = false
    }

    private let state = Mutex(State())
    private let wake: @Sendable () -> Void

    /// - Parameter wake: called from any thread when there is a report.
    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    /// The reports since the last call.
    func take() -> [Report] {
        state.withLock { state in
            defer { state.reports = [] }
            return state.reports
        }
    }

    /// - Parameter isQuiet: whether nobody is to hear what came of it.
    func perform(_ command: OperatorCommand, by control: any OperatorControl, isQuiet: Bool = false) {
        Task {
            let outcome = await control.perform(command)
            if !isQuiet { report(.outcome(outcome, of: command)) }
        }
    }

    /// Asks once at a time: a server that takes its time is not asked again meanwhile.
    func askFigures(
        of connections: [String]?, by control: any OperatorControl, then take: @escaping @Sendable ([ConnectionFigures]) -> Void
    ) {
        guard state.withLock({ $0.isAskingFigures ? false : begin(&$0.isAskingFigures) }) else { return }
        Task {
            let figures = await control.figures(of: connections)
            state.withLock { $0.isAskingFigures = false }
            take(figures)
        }
    }

    func askDetails(of connection: String, by control: any OperatorControl) {
        guard state.withLock({ $0.isAskingDetails ? false : begin(&$0.isAskingDetails) }) else { return }
        Task {
            let details = await control.detail(of: connection)
            state.withLock { $0.isAskingDetails = false }
            report(.details(details, of: connection))
        }
    }

    /// Writes a table; false where another one is still being written.
    func save(_ table: TableExport, of picture: any ObservatoryReading, to file: ExportFile) -> Bool {
        guard state.withLock({ $0.isSaving ? false : begin(&$0.isSaving) }) else { return false }
        Task {
            let outcome = file.write(table, of: picture)
            state.withLock { $0.isSaving = false }
            report(.saved(outcome))
        }
        return true
    }

    private func begin(_ flag: inout Bool) -> Bool {
        flag = true
        return true
    }

    private func report(_ report: Report) {
        state.withLock { $0.reports.append(report) }
        wake()
    }
}
