import Logging
import NeffosFeed

/// Turns log events into records of ``CommandLogs``, whose level counts: it can change while the server runs.
struct CommandLogHandler: LogHandler {
    let label: String
    let target: CommandLogs
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, target: CommandLogs) {
        self.label = label
        self.target = target
    }

    var logLevel: Logger.Level {
        get { target.level }
        set { target.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        target.write(
            LogRecord(
                time: .now(), level: event.level, logger: label, message: "\(event.message)", error: event.error.map { "\($0)" },
                metadata: all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }))
    }
}
