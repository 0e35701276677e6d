import NIOHTTP1
import Neffos
import NeffosFeed
import Synchronization

/// The gatekeeper of a running server, which may be replaced while it runs.
final class AuthorizationGate: Sendable {
    private let keeper: Mutex<Gatekeeper>
    /// What the demo's clients say, who come in whatever is configured; nil where there is no demo.
    let demoHeader: String?

    init(_ keeper: Gatekeeper, hasDemo: Bool) {
        self.keeper = Mutex(keeper)
        demoHeader = hasDemo ? "Bearer \(UInt64.random(in: .min ... .max)).\(UInt64.random(in: .min ... .max))" : nil
    }

    func replace(with keeper: Gatekeeper) { self.keeper.withLock { $0 = keeper } }

    /// What the server asks about each upgrade. It is asked even while everybody may come, so that a reload can change that.
    var hook: @Sendable (UpgradeRequest) async throws -> Authorization {
        { [self] request in
            let header = request.header("Authorization")
            if demoHeader != nil, header == demoHeader { return .accept() }
            let now = Double(FeedTime.now().milliseconds) / 1000
            switch keeper.withLock({ $0 }).decide(header, at: now) {
            case .accept(let key): return .accept(key: key)
            case .refuse(let reason, let error):
                var challenge = "Bearer realm=\"neffos\""
                if let error { challenge += ", error=\"\(error)\", error_description=\"\(reason)\"" }
                return .refuse(reason: reason, headers: ["WWW-Authenticate": challenge])
            }
        }
    }
}
