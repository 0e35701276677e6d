import NeffosConsole
import NeffosObservatory
import Synchronization

/// What the console of a serving process shows: the model of its feed, and its log.
final class ServeSource: ObservatorySource {
    private let sink: ObservatorySink
    private let lines = Mutex(ConsoleLog())
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ sink: ObservatorySink) { self.sink = sink }

    func read<Result>(_ body: (Observatory) -> Result) -> Result { sink.read { body(copy $0) } }

    func whenChanged(_ call: (@Sendable () -> Void)?) {
        listener.withLock { $0 = call }
        sink.onChange = call
    }

    var log: ConsoleLog { lines.withLock { $0 } }

    func append(_ line: ConsoleLog.Line) {
        lines.withLock { $0.append(line) }
        listener.withLock { $0 }?()
    }
}
