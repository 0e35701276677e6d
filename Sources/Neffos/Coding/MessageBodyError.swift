/// A body is not the value that was expected, or a value has no form as a body.
///
/// A handler that throws one for a body it was sent answers `invalid payload`; what was wrong stays here, in the log at debug level.
public struct MessageBodyError: Error, CustomStringConvertible {
    /// Which way it was.
    public enum Step: String, Sendable, Hashable {
        /// A value was to become a body.
        case encoding
        /// A body was to become a value.
        case decoding
    }

    /// What was being done.
    public let step: Step
    /// The name of the value's type.
    public let type: String
    /// What the coder said.
    public let underlying: any Error

    /// For the log: it names types of the application.
    public var description: String { "\(step.rawValue) \(type) failed: \(underlying)" }
}
