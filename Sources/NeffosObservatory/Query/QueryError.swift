/// Why a text is no query, and where.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in characters from the beginning.
    public var position: Int
    /// What is wrong, in a few words.
    public var problem: String
    /// What to do.
    public var advice: String

    public init(position: Int, problem: String, advice: String) {
        self.position = position
        self.problem = problem
        self.advice = advice
    }

    public var description: String { "\(problem) at character \(position + 1); \(advice)" }
}
