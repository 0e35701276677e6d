public import Logging
import NeffosConsole
import NeffosFeed

/// Turns log events into lines of ``ConsoleLogs``: the message, then `key=value` in the order of the keys.
public struct ConsoleLogHandler: LogHandler {
    private var target: ConsoleLogs
    /// The least level that is shown.
    public var logLevel: Logger.Level
    /// Added to each line.
    public var metadata: Logger.Metadata = [:]
    /// Added to each line, under `metadata`.
    public var metadataProvider: Logger.MetadataProvider?

    /// - Parameters:
    ///   - target: where the lines go.
    ///   - level: the least level that is shown.
    public init(target: ConsoleLogs, level: Logger.Level = .info) {
        self.target = target
        logLevel = level
    }

    /// One of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        let values = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let failure = event.error.map { ": \($0)" } ?? ""
        target.write(ConsoleLog.Line(time: .now(), level: Self.level(event.level), text: "\(event.message)\(failure)\(values)"))
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
