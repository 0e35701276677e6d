public import NeffosObservatory
import Synchronization

/// The picture of this very process: its observatory, and its log lines.
public final class SinkSource: ObservatorySource {
    private let sink: ObservatorySink
    private let lines: Mutex<ConsoleLog>
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter capacity: log lines that are kept.
    public init(_ sink: ObservatorySink, capacity: Int = 500) {
        self.sink = sink
        lines = Mutex(ConsoleLog(capacity: capacity))
    }

    /// Reads the picture as it is now.
    public func read<Result>(_ body: (Observatory) -> Result) -> Result { sink.read(body) }

    /// Says whom to call when the picture or the log has changed.
    public func whenChanged(_ call: (@Sendable () -> Void)?) {
        listener.withLock { $0 = call }
        sink.onChange = call
    }

    /// The newest log lines.
    public var log: ConsoleLog { lines.withLock { $0 } }

    /// Adds a line to the log pane, from any thread.
    public func append(_ line: ConsoleLog.Line) {
        lines.withLock { $0.append(line) }
        listener.withLock { $0 }?()
    }
}
