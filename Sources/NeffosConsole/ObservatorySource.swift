public import NeffosObservatory

/// Where a console's picture comes from: the model of a running server, of an attached one, or of a tape.
public protocol ObservatorySource: AnyObject, Sendable {
    /// Lets the console look at the model as it is now. The body is short, and keeps nothing but what it returns.
    func read<Result>(_ body: (Observatory) -> Result) -> Result
    /// Sets what is called, from any thread, after the model or the log has changed; nil ends it.
    func whenChanged(_ call: (@Sendable () -> Void)?)
    /// The newest log lines of the process.
    var log: ConsoleLog { get }
}
