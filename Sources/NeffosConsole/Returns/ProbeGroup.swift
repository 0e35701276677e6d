import NeffosFeed
import NeffosObservatory

/// Probe sources of one network that fared alike, as one row: a site whose clients all knock is one thing to look at.
struct ProbeGroup: Sendable {
    /// Fewer than this stand by themselves.
    static let least = 3

    /// What a source's probes led to.
    enum Fate: Sendable, Hashable {
        case refused(String)
        case knocking, knockingAgain, putOff, gaveUp, upgraded

        init(_ source: ProbeSource, now: FeedTime) {
            switch source.outcome {
            case .upgraded: self = .upgraded
            case .rejected: self = .refused(source.lastRejection ?? "no reason given")
            case .knocking, .gone:
                if source.deferred >= source.probes {
                    self = .putOff
                } else if now - source.last > IncidentFacts.recent {
                    self = .gaveUp
                } else {
                    self = source.upgrades == 0 ? .knocking : .knockingAgain
                }
            }
        }

        /// Those with whom something can be done first.
        var rank: Int {
            switch self {
            case .refused: 0
            case .knocking, .knockingAgain: 1
            case .putOff: 2
            case .gaveUp: 3
            case .upgraded: 4
            }
        }
    }

    /// An address, or a network.
    var address: String
    var fate: Fate
    var sources: [ProbeSource]

    var probes: Int { sources.reduce(0) { $0 + $1.probes } }
    var deferred: Int { sources.reduce(0) { $0 + $1.deferred } }
    var upgrades: Int { sources.reduce(0) { $0 + $1.upgrades } }
    var rejected: Int { sources.reduce(0) { $0 + $1.rejected } }
    var first: FeedTime { sources.map(\.first).min() ?? FeedTime(milliseconds: 0) }
    var last: FeedTime { sources.map(\.last).max() ?? FeedTime(milliseconds: 0) }
    /// Of all of them; nil where they differ.
    var agent: String? { Set(sources.map(\.userAgent)).count == 1 ? sources.first?.userAgent : nil }

    /// One group a source, unless they are to be put together.
    static func of(_ sources: [ProbeSource], together: Bool, now: FeedTime) -> [ProbeGroup] {
        struct Name: Hashable {
            var network: String
            var fate: Fate
        }
        var names: [Name] = []
        var members: [Name: [ProbeSource]] = [:]
        for source in sources {
            let name = Name(network: network(of: source.address), fate: Fate(source, now: now))
            if members[name] == nil { names.append(name) }
            members[name, default: []].append(source)
        }
        var groups: [ProbeGroup] = []
        for name in names {
            let all = members[name] ?? []
            if together, all.count >= least {
                groups.append(ProbeGroup(address: "\(name.network) (\(all.count))", fate: name.fate, sources: all))
            } else {
                groups += all.map { ProbeGroup(address: $0.address, fate: name.fate, sources: [$0]) }
            }
        }
        return groups.enumerated().sorted { ($0.element.fate.rank, $0.offset) < ($1.element.fate.rank, $1.offset) }.map(\.element)
    }

    /// `10.0.4.0/24` of `10.0.4.17`, the first half of an IPv6 address; anything else as it is.
    static func network(of address: String) -> String {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.count <= 3 && $0.allSatisfy(\.isNumber) }) {
            return parts.prefix(3).joined(separator: ".") + ".0/24"
        }
        guard address.contains(":"), !address.contains(".") else { return address }
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        // An abbreviation within the first half is left alone.
        guard groups.count > 4, !groups.prefix(4).contains("") else { return address }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}
