/// A value of a ``ServerConfiguration`` that cannot be one: thrown when the server starts.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The property that holds it, such as `trustedProxies`; empty where only the value was looked at.
    public internal(set) var setting = ""
    /// What is wrong, the value included.
    public let problem: String
    /// What to write instead.
    public let advice: String

    init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }

    /// One line.
    public var description: String { (setting.isEmpty ? "" : setting + ": ") + "\(problem); \(advice)" }

    func of(_ setting: String) -> ConfigurationError {
        var error = self
        error.setting = setting
        return error
    }
}
