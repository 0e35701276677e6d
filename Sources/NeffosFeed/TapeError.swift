/// Why a line of a recorded feed cannot be read.
public enum TapeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line is no JSON object; the text says why.
    case notJSON(String)
    /// The line has a `v` that this version does not know.
    case newerVersion(Int)
    /// The line has a `type` that this version does not know.
    case unknownType(String)
    /// A field is missing, null where it may not be, or of another type.
    case badField(String, type: String?)

    /// A sentence for the operator; nothing from the tape stands in it as it was.
    public var description: String {
        switch self {
        case .notJSON(let reason):
            "not a line of a feed: \(Self.quote(reason))"
        case .newerVersion(let version):
            "the feed has version \(version), this program reads version \(JSONLines.version): use a newer one"
        case .unknownType(let type):
            "unknown event type \(Self.quote(type)): it is of a newer program, or not of a feed"
        case .badField(let field, let type):
            "field \(Self.quote(field))\(type.map { " of a \(Self.quote($0)) event" } ?? "") is missing or not of its type"
        }
    }

    private static func quote(_ text: String) -> String {
        var bytes: [UInt8] = []
        var writer = JSONWriter(taking: &bytes)
        writer.string(String(text.prefix(80)))
        writer.giveBack(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
