/// Where an operator's commands go, and what is asked for one connection at a time: a server's engine, or an attached one over the wire.
///
/// A command that changes something comes back as an `operator.action` event, from whoever it came.
public protocol OperatorControl: Sendable {
    /// Whether commands that change something are refused.
    var isReadOnly: Bool { get }
    /// Does it, and returns once it is done; a drill when the listener is back.
    func perform(_ command: OperatorCommand) async -> OperatorOutcome
    /// All that is known of one connection, secrets masked; nil where it is gone.
    func detail(of connection: String) async -> ConnectionDetails?
    /// The figures of connections as they are now.
    /// - Parameter connections: their ids; nil for all.
    func figures(of connections: [String]?) async -> [ConnectionFigures]
}
