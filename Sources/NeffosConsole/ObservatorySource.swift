public import NeffosFeed
public import NeffosObservatory

/// Where a console's picture comes from: the model of a running server, of an attached one, or of a tape.
public protocol ObservatorySource: AnyObject, Sendable {
    /// Lets the console look at the model as it is now. The body is short, and keeps nothing but what it returns.
    func read<Result>(_ body: (Observatory) -> Result) -> Result
    /// Sets what is called, from any thread, after the model, the log or the status has changed; nil ends it.
    func whenChanged(_ call: (@Sendable () -> Void)?)
    /// The newest log lines of the process.
    var log: ConsoleLog { get }
    /// How the picture comes.
    var status: SourceStatus { get }
    /// Where the operator's commands go; nil where there is nothing to steer.
    var control: (any OperatorControl)? { get }
    /// Puts figures that were asked for into the model.
    func take(_ figures: [ConnectionFigures], at time: FeedTime)
    /// Steers a tape.
    func replay(_ command: ReplayCommand)
    /// The servers whose pictures there are, where there are several; all else here is of the chosen one.
    var nodes: [NodeSummary] { get }
    /// Makes another server the chosen one.
    /// - Parameter node: the ``NodeSummary/id`` of one of ``nodes``; another one changes nothing.
    func choose(node: Int)
}

extension ObservatorySource {
    /// Live.
    public var status: SourceStatus { .live }
    /// Nothing to steer.
    public var control: (any OperatorControl)? { nil }
    /// Keeps none.
    public func take(_ figures: [ConnectionFigures], at time: FeedTime) {}
    /// There is no tape.
    public func replay(_ command: ReplayCommand) {}
    /// There is only one.
    public var nodes: [NodeSummary] { [] }
    /// There is no other.
    public func choose(node: Int) {}
}
