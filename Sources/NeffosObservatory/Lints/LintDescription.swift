/// What is to be known of a lint before it is ever raised: for its configuration, its documentation and its help.
public struct LintDescription: Sendable, Hashable {
    /// A figure from which on the lint is raised.
    public struct Threshold: Sendable, Hashable {
        public enum Unit: String, Sendable, Hashable, CaseIterable { case count, percent, bytes, milliseconds }

        /// As it stands in the configuration.
        public var name: String
        public var unit: Unit
        public var value: Int
        /// What it may be set to.
        public var range: ClosedRange<Int>
        /// Half a sentence.
        public var meaning: String
    }

    /// As it stands in the feed, and in `warn` and `allow`: `orphan-probe`.
    public var id: String
    /// Whether it is raised where nothing is configured.
    public var isOnByDefault: Bool
    public var thresholds: [Threshold]
    /// One line: what it is, and why it matters.
    public var reason: String
    /// What to do about it.
    public var remedy: String

    /// The key of its thresholds in the configuration: `orphanProbe`.
    public var key: String {
        let words = id.split(separator: "-")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Its name for people: `orphan probe`.
    public var title: String { String(id.map { $0 == "-" ? " " : $0 }) }
}
