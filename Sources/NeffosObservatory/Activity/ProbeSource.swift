public import NeffosFeed

/// Where HEAD probes come from: one address and agent, and what became of them.
public struct ProbeSource: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// It probed, and has not upgraded since.
        case knocking
        case upgraded
        /// Its last upgrade was refused.
        case rejected
        /// It probed, never upgraded since, and has been silent for ``ProbeSource/goneAfter``.
        case gone
    }

    /// A source that has not probed for so long, in milliseconds, no longer knocks.
    public static let goneAfter = 60_000

    /// Without the port; of a group the network: `10.0.4.0/24`.
    public var address: String
    /// How many addresses it stands for.
    public var addresses: Int
    public var userAgent: String?
    public var probes: Int
    public var first: FeedTime
    public var last: FeedTime
    /// Probes that got no answer, because admission put them off.
    public var deferred: Int
    public var upgrades: Int
    public var rejected: Int
    public var lastRejection: String?
    public var outcome: Outcome

    public init(
        address: String, userAgent: String?, probes: Int, first: FeedTime, last: FeedTime, deferred: Int = 0, upgrades: Int = 0,
        rejected: Int = 0, lastRejection: String? = nil, outcome: Outcome = .knocking, addresses: Int = 1
    ) {
        self.address = address
        self.userAgent = userAgent
        self.probes = probes
        self.first = first
        self.last = last
        self.deferred = deferred
        self.upgrades = upgrades
        self.rejected = rejected
        self.lastRejection = lastRejection
        self.outcome = outcome
        self.addresses = addresses
    }
}
