import NIOCore
import NeffosSession

/// Bounds how often a client may ask for what everybody who watches is told of: namespaces and rooms entered and left, refusals and
/// violations. Messages are not counted: they are bounded by reading no faster than they are handled.
///
/// Counted in windows of ten seconds, so that a connection pays a few bytes for it.
struct FloodGuard {
    enum Act {
        /// It asked to enter or leave.
        case request
        /// It broke a rule, and was ignored.
        case violation
    }

    struct Limits: Sendable, Hashable {
        var requests: UInt32
        var violations: UInt32 = 128

        /// Who comes back with all its rooms, and leaves them all again, is far from the bound.
        init(_ rules: SessionRules) {
            func room(_ limit: Int) -> Int { limit > 0 ? min(limit, 10_000_000) : 50_000 }
            requests = UInt32(1024 + 2 * (room(rules.namespacesPerConnection) + room(rules.roomsPerConnection)))
        }
    }

    static let window: UInt64 = 10_000_000_000
    private var current: UInt32 = 0
    private var requests: UInt32 = 0
    private var violations: UInt32 = 0

    /// Whether one more is within the limits.
    mutating func takes(_ act: Act, at now: NIODeadline, limits: Limits) -> Bool {
        let window = UInt32(truncatingIfNeeded: now.uptimeNanoseconds / Self.window)
        if window != current { self = FloodGuard(current: window) }
        switch act {
        case .request:
            requests += 1
            return requests <= limits.requests
        case .violation:
            violations += 1
            return violations <= limits.violations
        }
    }

    init() {}

    private init(current: UInt32) { self.current = current }
}

extension FloodGuard.Act {
    /// What the answer to a frame says of it: one that is only a reply told nobody else anything.
    init?(_ actions: [SessionAction]) {
        switch actions.first {
        case nil: return nil
        case .send? where actions.count == 1: return nil
        case .violation?: self = .violation
        default: self = .request
        }
    }
}

extension Connection {
    /// Whether what a frame led to is to be carried out. A client that does too much of it is closed.
    func tolerates(_ actions: [SessionAction]) -> Bool {
        guard isServer, let act = FloodGuard.Act(actions) else { return true }
        if flood.takes(act, at: loop.now, limits: endpoint.floodLimits) { return true }
        violation(kind: "flood", detail: act == .request ? "too many namespaces and rooms entered and left" : "too many violations")
        close(.policyViolation, reason: "flood", by: .server)
        return false
    }
}
