/// What a run is to come to: `returned>=10`, `missing==0`, `p95(restore)<5s`, `count(event:connection.closed code:1006)<=3`. Several beside each
/// other have all to be so.
///
/// A figure that nothing tells (a percentile where nobody came back, who is missing where no roster told who was there) meets no expectation.
public struct Expectation: Sendable, Hashable {
    struct Part: Sendable, Hashable {
        var figure: ExpectationFigure
        var comparison: QueryComparison
        /// The figure it is compared with, as it was written.
        var literal: String

        /// `>=10`
        var expected: String { (comparison.sign == .equal ? "==" : comparison.sign.rawValue) + literal }
    }

    /// As it was written, without spaces around it.
    public let text: String
    let parts: [Part]

    /// - Throws: ``QueryError`` that points at the place.
    public init(parsing text: String) throws(QueryError) {
        var parser = ExpectationParser(text)
        parts = try parser.parts()
        var plain = text[...]
        while plain.first?.isWhitespace == true { plain.removeFirst() }
        while plain.last?.isWhitespace == true { plain.removeLast() }
        self.text = String(plain)
    }

    /// What has to be: `>=10`; of several, each with its figure.
    public var expected: String {
        parts.count == 1 ? parts[0].expected : parts.map { $0.figure.text + $0.expected }.joined(separator: " ")
    }

    /// Lines of help: each figure and what it is.
    public static var help: [(term: String, meaning: String)] {
        ExpectationFigure.Plain.allCases.map { ($0.rawValue, $0.meaning) } + [
            ("p95(restore)", "how long clients took to be whole again, p50, p95 or p99, the worst of all incidents"),
            ("lints(ID)", "how often a lint was raised"),
            ("count(FILTER)", "events that pass a filter"),
            ("connections(FILTER)", "open connections that pass a filter"),
        ]
    }
}
