import NeffosFeed
import NeffosObservatory

/// A probe source, or a network of them, with what its probes led to in the words of the screen.
struct ProbeGroup: Sendable {
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

    var source: ProbeSource
    var fate: Fate

    /// In the order in which they should be looked at.
    static func of(_ sources: [ProbeSource], now: FeedTime) -> [ProbeGroup] {
        let groups = sources.enumerated().map {
            (place: $0.offset, group: ProbeGroup(source: $0.element, fate: Fate($0.element, now: now)))
        }
        return groups.sorted { ($0.group.fate.rank, $0.place) < ($1.group.fate.rank, $1.place) }.map(\.group)
    }
}
