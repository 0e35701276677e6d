/// A file for the feed that cannot be opened.
public struct FeedFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What the system says.
    public let reason: String

    /// A sentence for the operator.
    public var description: String { "cannot open \(path) for the feed: \(reason)" }
}
