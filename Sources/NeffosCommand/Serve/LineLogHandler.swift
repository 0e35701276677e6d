import Logging
import NeffosConsole
import NeffosFeed

/// Turns log events into lines of a ``LogTarget``: the message, then `key=value` in the order of the keys.
struct LineLogHandler: LogHandler {
    var target: LogTarget
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(target: LogTarget, level: Logger.Level) {
        self.target = target
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
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
