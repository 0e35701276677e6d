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
        /// Rises when another server is asked: what the one before answers is told to nobody.
        var turn = 0
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

    /// Another server is looked at from now on.
    func turn() {
        state.withLock { state in
            state.turn += 1
            state.isAskingFigures = false
            state.isAskingDetails = false
        }
    }

    /// Asks once at a time: a server that takes its time is not asked again meanwhile.
    func askFigures(
        of connections: [String]?, by control: any OperatorControl, then take: @escaping @Sendable ([ConnectionFigures]) -> Void
    ) {
        guard let turn = begin(\.isAskingFigures) else { return }
        Task {
            let figures = await control.figures(of: connections)
            if end(\.isAskingFigures, turn) { take(figures) }
        }
    }

    func askDetails(of connection: String, by control: any OperatorControl) {
        guard let turn = begin(\.isAskingDetails) else { return }
        Task {
            let details = await control.detail(of: connection)
            if end(\.isAskingDetails, turn) { report(.details(details, of: connection)) }
        }
    }

    /// Writes a table; false where another one is still being written.
    func save(_ table: TableExport, of picture: any ObservatoryReading, to file: ExportFile) -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isSaving = true }
            return !state.isSaving
        }
        guard isFirst else { return false }
        Task {
            let outcome = file.write(table, of: picture)
            state.withLock { $0.isSaving = false }
            report(.saved(outcome))
        }
        return true
    }

    /// - Returns: the turn in which it is asked; nil where it is being asked already.
    private func begin(_ flag: WritableKeyPath<State, Bool>) -> Int? {
        state.withLock { state in
            guard !state[keyPath: flag] else { return nil }
            state[keyPath: flag] = true
            return state.turn
        }
    }

    /// - Returns: whether the answer is still wanted.
    private func end(_ flag: WritableKeyPath<State, Bool>, _ turn: Int) -> Bool {
        state.withLock { state in
            guard state.turn == turn else { return false }
            state[keyPath: flag] = false
            return true
        }
    }

    private func report(_ report: Report) {
        state.withLock { $0.reports.append(report) }
        wake()
    }
}
