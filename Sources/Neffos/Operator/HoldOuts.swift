import NIOCore
import Synchronization

/// Clients that an operator has sent away for a while. Pure: time is passed in.
struct HoldOuts {
    /// By what a client is known again.
    enum Client: Hashable, Sendable {
        /// Its identity.
        case key(String)
        /// The id that it asks for.
        case id(String)
        /// Its address, or the IPv6 network of one subscriber.
        case address(String)
    }

    /// As many at once: whoever has more to keep out needs a rule in front of the server.
    static let most = 10_000
    private static let purgeEvery = TimeAmount.seconds(1)

    private var until: [Client: NIODeadline] = [:]
    private var purged = NIODeadline.uptimeNanoseconds(0)

    /// How many are remembered, those included whose time is over and who were not looked for since.
    var count: Int { until.count }

    /// Holds a client out until then; a longer time that it has already stays.
    ///
    /// - Returns: false where there are too many.
    mutating func hold(_ client: Client, until deadline: NIODeadline, at now: NIODeadline) -> Bool {
        purge(at: now)
        guard deadline > now else { return true }
        guard until.count < Self.most || until[client] != nil else { return false }
        until[client] = max(until[client] ?? deadline, deadline)
        return true
    }

    mutating func isHeld(_ client: Client, at now: NIODeadline) -> Bool {
        if until.isEmpty { return false }
        purge(at: now)
        return until[client].map { $0 > now } ?? false
    }

    /// Forgets those whose time is over, from time to time.
    private mutating func purge(at now: NIODeadline) {
        guard now >= purged + Self.purgeEvery || until.count >= Self.most else { return }
        purged = now
        until = until.filter { $0.value > now }
    }
}

extension Server {
    static let heldOut = "held out by an operator"

    /// Whether a client that shows no more than its address is held out.
    func isHeldOut(_ address: String) -> Bool {
        holdOuts.withLock { $0.isHeld(.address(Admission.source(address)), at: .now()) }
    }

    /// Whether a client is held out by its identity, or by the id that it asks for.
    func isHeldOut(_ request: UpgradeRequest, id: String?) -> Bool {
        holdOuts.withLock { held in
            request.identity.map { held.isHeld(.key($0), at: .now()) } ?? false || id.map { held.isHeld(.id($0), at: .now()) } ?? false
        }
    }
}

extension Connection {
    /// What a client is known by when it comes again; nil where it has nothing of its own, as on a Unix socket.
    var holdOutClient: HoldOuts.Client? {
        if let identityKey { return .key(identityKey) }
        if let wantedID { return .id(wantedID) }
        return IPAddress(address) == nil ? nil : .address(Admission.source(address))
    }
}
