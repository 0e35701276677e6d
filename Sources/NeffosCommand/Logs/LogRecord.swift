import Logging
import NeffosFeed

/// One entry of the process' log, before it is written as text or JSON. What peers named stands in it as it was.
struct LogRecord: Sendable, Equatable {
    var time: FeedTime
    var level: Logger.Level
    var logger: String
    var message: String
    var error: String?
    /// In the order of the keys.
    var metadata: [(key: String, value: String)] = []

    static func == (left: LogRecord, right: LogRecord) -> Bool {
        left.time == right.time && left.level == right.level && left.logger == right.logger && left.message == right.message
            && left.error == right.error && left.metadata.elementsEqual(right.metadata, by: ==)
    }
}

// MARK: Text

extension LogRecord {
    /// The message, then `key=value`; safe only once it is escaped for a terminal.
    var sentence: String {
        let values = metadata.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
        return message + (error.map { ": \($0)" } ?? "") + values
    }

    /// `2026-01-31T12:00:00.123Z warning a message key=value`
    var line: String { "\(time.iso8601) \(level.rawValue) \(sentence)" }

    /// In quotes where it would else be taken for several values.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" && !$0.properties.isWhitespace }
        if isPlain { return value }
        var text = "\""
        for character in value.unicodeScalars {
            if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(character)
        }
        return text + "\""
    }
}

// MARK: JSON

extension LogRecord {
    /// One object, without a line's end in it whatever a peer named.
    var json: String {
        var text = "{\"time\":\"\(time.iso8601)\",\"level\":\"\(level.rawValue)\",\"logger\":\(Self.string(logger))"
        text += ",\"message\":\(Self.string(message))"
        if let error { text += ",\"error\":\(Self.string(error))" }
        if !metadata.isEmpty {
            text += ",\"metadata\":{" + metadata.map { "\(Self.string($0.key)):\(Self.string($0.value))" }.joined(separator: ",") + "}"
        }
        return text + "}"
    }

    /// Controls are escaped, those of a terminal and of text direction too: such files are looked at with `cat`.
    private static func string(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    for unit in UTF16.encode(scalar) ?? .init() {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text + "\""
    }
}
