/// What became of an expectation.
public struct ExpectationResult: Sendable, Hashable {
    /// The expectation as it was written.
    public var text: String
    /// `==0`
    public var expected: String
    /// `5`, or why there is none.
    public var actual: String
    public var passed: Bool
    /// Who is missing, where it failed for that: each key of the incidents that were asked about, as clients named it.
    public var missing: [Incident.MissingClient]

    public init(text: String, expected: String, actual: String, passed: Bool, missing: [Incident.MissingClient] = []) {
        self.text = text
        self.expected = expected
        self.actual = actual
        self.passed = passed
        self.missing = missing
    }
}
