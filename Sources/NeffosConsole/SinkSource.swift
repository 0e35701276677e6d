public import NeffosFeed
public import NeffosObservatory
import Synchronization

/// The picture of this very process: its observatory, and its log lines.
public final class SinkSource: ObservatorySource {
    /// Entries of the feed that the model keeps while a console is open, for the events of a connection, its tap and the Events screen.
    public static let recentEvents = 10_000

    private let sink: ObservatorySink
    private let lines: Mutex<ConsoleLog>
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    /// Where the operator's commands go.
    public let control: (any OperatorControl)?

    /// - Parameters:
    ///   - capacity: log lines that are kept.
    ///   - control: where the operator's commands go; nil where nothing is to be steered.
    public init(_ sink: ObservatorySink, capacity: Int = 500, control: (any OperatorControl)? = nil) {
        self.sink = sink
        self.control = control
        lines = Mutex(ConsoleLog(capacity: capacity))
    }

    /// Reads the picture as it is now.
    public func read<Result>(_ body: (Observatory) -> Result) -> Result { sink.read(body) }

    /// Puts figures that were asked for into the model.
    public func take(_ figures: [ConnectionFigures], at time: FeedTime) { sink.update { $0.take(figures, at: time) } }

    /// Says whom to call when the picture or the log has changed. While there is somebody, the model keeps the newest ``recentEvents``.
    public func whenChanged(_ call: (@Sendable () -> Void)?) {
        let capacity = call == nil ? 0 : Self.recentEvents
        sink.update { observatory in
            if observatory.recentEvents.capacity != capacity { observatory.recentEvents = EventLog(capacity: capacity) }
        }
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
