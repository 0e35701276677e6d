import Logging
import NeffosConsole
import NeffosTerminalConsole
import Synchronization
import Terminal

/// Where the log lines of `neffos serve` go: to the console's log pane while the screen is the console's, else to standard error; and to a file
/// where one is named, which then takes the place of standard error. Never onto the screen.
final class CommandLogs: Sendable {
    private enum Place {
        case held([LogRecord])
        case standardError
        case console(@Sendable (ConsoleLog.Line) -> Void)
    }

    private struct State {
        var place = Place.held([])
        var level: Logger.Level
        /// Whether the file took the last line.
        var isFileGood = true
    }

    /// Lines kept back before it is known where they go; later ones are dropped.
    private static let mostHeld = 200
    private let format: Settings.Log.Format
    let file: LogFile?
    private let state: Mutex<State>

    /// Lines are kept back until it is said where they go.
    ///
    /// - Throws: ``CommandFailure`` where the file cannot be opened.
    init(_ settings: Settings.Log) throws(CommandFailure) {
        format = settings.format
        if let path = settings.file { file = try LogFile(path) } else { file = nil }
        state = Mutex(State(level: Logger.Level(rawValue: settings.level) ?? .info))
    }

    var level: Logger.Level {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    func makeLogger(label: String = "neffos") -> Logger { Logger(label: label) { CommandLogHandler(label: $0, target: self) } }

    func write(_ record: LogRecord) {
        state.withLock { state in
            guard record.level >= state.level else { return }
            guard case .held(var records) = state.place else { return put(record, &state) }
            guard records.count < Self.mostHeld else { return }
            state.place = .held([])
            records.append(record)
            state.place = .held(records)
        }
    }

    /// From now on to standard error, or the file; what was kept back first.
    ///
    /// - Parameter least: Of what was kept back, only this and worse: what a server that never listened had to tell is of no use.
    func toStandardError(from least: Logger.Level = .trace) { go(to: .standardError, from: least) }

    /// From now on to the console, and the file; what was kept back first.
    func toConsole(_ write: @escaping @Sendable (ConsoleLog.Line) -> Void) { go(to: .console(write), from: .trace) }

    private func go(to place: Place, from least: Logger.Level) {
        state.withLock { state in
            var held: [LogRecord] = []
            if case .held(let records) = state.place { held = records }
            state.place = place
            for record in held where record.level >= least { put(record, &state) }
        }
    }

    private func put(_ record: LogRecord, _ state: inout State) {
        let line = format == .json ? record.json : SafeText.escaped(record.line)
        var isWritten = false
        if let file {
            isWritten = file.write(line)
            if !isWritten, state.isFileGood { tell("\(file.path): cannot write the log, it goes to standard error", of: record, &state) }
            state.isFileGood = isWritten
        }
        switch state.place {
        case .console(let write): write(ConsoleLog.Line(time: record.time, level: Self.level(record.level), text: record.sentence))
        case .standardError, .held: if !isWritten { Output.text(line, to: 2) }
        }
    }

    private func tell(_ problem: String, of record: LogRecord, _ state: inout State) {
        let told = LogRecord(time: record.time, level: .error, logger: record.logger, message: problem)
        if case .console(let write) = state.place {
            write(ConsoleLog.Line(time: told.time, level: .error, text: told.sentence))
        } else {
            Output.text(format == .json ? told.json : SafeText.escaped(told.line), to: 2)
        }
    }

    private static func level(_ level: Logger.Level) -> ConsoleLog.Level {
        switch level {
        case .trace, .debug: .debug
        case .info, .notice: .info
        case .warning: .warning
        case .error, .critical: .error
        }
    }
}
