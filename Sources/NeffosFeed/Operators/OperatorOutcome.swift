/// What came of an ``OperatorCommand``.
public struct OperatorOutcome: Sendable, Hashable, Codable {
    /// Connections that it was done to.
    public var count: Int
    /// `done`, or a sentence that says why not or what else there is to know.
    public var result: String
    /// Whether nothing was done: the server is read-only, the listener is not its own, no such connection.
    public var isRefused: Bool

    /// The result where there is nothing else to know.
    public static let done = "done"
    /// The result of a refusal where nobody could be meant.
    package static let nobodyConnected = "nobody is connected"
    package static let nobodyNamed = "no connection is named"

    public init(count: Int, result: String = done, isRefused: Bool = false) {
        self.count = count
        self.result = result
        self.isRefused = isRefused
    }

    /// Nothing was done.
    /// - Parameter reason: a sentence that says why, and what would help.
    public static func refused(_ reason: String) -> OperatorOutcome { OperatorOutcome(count: 0, result: reason, isRefused: true) }
}
