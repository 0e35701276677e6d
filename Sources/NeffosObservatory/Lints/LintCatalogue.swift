/// All lints there are, in the order in which they are told of.
public enum LintCatalogue {
    /// The ids, for those who raise them.
    enum ID {
        static let herd = "herd"
        static let flapping = "flapping"
        static let orphanProbe = "orphan-probe"
        static let roomNotRejoined = "room-not-rejoined"
        static let headOnlyPoller = "head-only-poller"
        static let implausibleTries = "implausible-tries"
        static let slowConsumer = "slow-consumer"
        static let neverAcknowledged = "never-acknowledged"
        static let slowHandler = "slow-handler"
        static let loopLag = "loop-lag"
        static let lossyFeed = "lossy-feed"
    }

    public static let all: [LintDescription] = [
        LintDescription(
            id: ID.herd, isOnByDefault: true,
            thresholds: [
                count("returns", 50, 2...1_000_000, "so many came back at least"),
                percent("share", 60, "of them, so many of a hundred came at the same point of their interval"),
                percent("window", 10, "that point is so wide, in percent of the clients' interval"),
            ],
            reason:
                "clients without jitter come back all at once, and again at every interval: a burst that can bring the server down anew",
            remedy: "give the clients' reconnect interval jitter, or let the server spread them with admitPerSecond"),
        LintDescription(
            id: ID.flapping, isOnByDefault: true,
            thresholds: [
                count("returns", 5, 2...8, "so many returns of one client, those after a restart or a drill aside"),
                time("within", 600_000, 1_000...86_400_000, "within this time"),
            ],
            reason: "one client, known by its key and not by its id, drops and comes back again and again",
            remedy: "look at its network, its heartbeat and the idle timeouts of proxies on its way"),
        LintDescription(
            id: ID.orphanProbe, isOnByDefault: true,
            thresholds: [
                count("probes", 5, 2...1_000_000, "so many probes without an upgrade"),
                time("after", 10_000, 1_000...3_600_000, "over at least this time"),
            ],
            reason: "a client knocks with HEAD again and again and does not upgrade: it is refused, or something on its way stops it",
            remedy:
                "see whether a proxy on its way lets upgrades pass, why upgrades are refused, and whether the server is full or draining"),
        LintDescription(
            id: ID.roomNotRejoined, isOnByDefault: true,
            thresholds: [time("after", 10_000, 1_000...3_600_000, "so long after its return")],
            reason: "a client came back, but not into all the namespaces and rooms that it was in: it misses messages and does not know",
            remedy: "see whether a handler refuses the room, and whether the client joins again what it had joined"),
        LintDescription(
            id: ID.headOnlyPoller, isOnByDefault: false,
            thresholds: [
                count("probes", 20, 2...1_000_000, "so many probes"),
                time("after", 300_000, 1_000...86_400_000, "over at least this time, and never an upgrade"),
            ],
            reason: "something asks with HEAD regularly and never upgrades: a monitor that makes the figures of probes worthless",
            remedy: "let it ask /healthz on the admin address, or run neffos probe"),
        LintDescription(
            id: ID.implausibleTries, isOnByDefault: true,
            thresholds: [time("fastest", 100, 1...60_000, "no client tries more often than once in this time")],
            reason: "the number of tries a client tells is malformed, or more than its outage had time for: its figures say nothing",
            remedy: "look at what sets X-Websocket-Reconnect in the client; it starts at 1 with each drop"),
        LintDescription(
            id: ID.slowConsumer, isOnByDefault: true,
            thresholds: [
                bytes("queued", 262_144, 1...1_073_741_824, "so much waits for it"),
                time("for", 5_000, 0...3_600_000, "for this long, where figures are asked for; one that was closed with 1013 at once"),
            ],
            reason: "a client takes its messages more slowly than they come: it costs memory, and is closed with 1013 in the end",
            remedy: "send it less, see what slows it down, or raise limits.outboxBytes"),
        LintDescription(
            id: ID.neverAcknowledged, isOnByDefault: true,
            thresholds: [time("after", 8_000, 100...3_600_000, "without the client's M for so long after the upgrade")],
            reason: "a client upgraded and then did not send its M: it is no neffos client, or hangs",
            remedy: "see what client it is; one that speaks plain WebSocket needs a server with native messages only"),
        LintDescription(
            id: ID.slowHandler, isOnByDefault: true,
            thresholds: [time("over", 1_000, 1...3_600_000, "a handler took so long")],
            reason: "a handler takes long: later messages of its connection wait for it",
            remedy: "find what it waits for; long work belongs behind a queue of its own"),
        LintDescription(
            id: ID.loopLag, isOnByDefault: true,
            thresholds: [
                time("over", 100, 1...60_000, "an event loop was late by so much"),
                count("samples", 3, 1...3_600, "in so many samples, one a second, in a row"),
            ],
            reason: "an event loop is late: something blocks it, or the machine is too busy, and all its connections wait",
            remedy: "look for handlers without await that block, and at the load of the machine"),
        LintDescription(
            id: ID.lossyFeed, isOnByDefault: true,
            thresholds: [count("missed", 1, 1...1_000_000_000, "so many events were dropped at once")],
            reason:
                "events were dropped because the feed was not taken fast enough: figures here are too low, though the picture of who is here is right",
            remedy: "look at what is slow to take the feed: a disk, an attached console, or this machine"),
    ]

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// The lint of an id; nil where there is none.
    public static func lint(_ id: String) -> LintDescription? { byID[id] }

    private static func count(_ name: String, _ value: Int, _ range: ClosedRange<Int>, _ meaning: String) -> LintDescription.Threshold {
        .init(name: name, unit: .count, value: value, range: range, meaning: meaning)
    }

    private static func percent(_ name: String, _ value: Int, _ meaning: String) -> LintDescription.Threshold {
        .init(name: name, unit: .percent, value: value, range: 1...100, meaning: meaning)
    }

    private static func bytes(_ name: String, _ value: Int, _ range: ClosedRange<Int>, _ meaning: String) -> LintDescription.Threshold {
        .init(name: name, unit: .bytes, value: value, range: range, meaning: meaning)
    }

    private static func time(_ name: String, _ value: Int, _ range: ClosedRange<Int>, _ meaning: String) -> LintDescription.Threshold {
        .init(name: name, unit: .milliseconds, value: value, range: range, meaning: meaning)
    }
}
