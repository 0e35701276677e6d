import NeffosFeed

/// Whether the operator may change anything.
enum Steering: Sendable, Hashable {
    case open
    /// Commands are refused.
    case readOnly
    /// There is nothing that a command could go to.
    case none

    /// - Parameter control: where commands go, if anywhere.
    init(_ control: (any OperatorControl)?) {
        guard let control else {
            self = .none
            return
        }
        self = control.isReadOnly ? .readOnly : .open
    }
}
