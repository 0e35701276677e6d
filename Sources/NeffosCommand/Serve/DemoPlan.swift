/// What the demo clients do, drawn from a seed: the same seed, the same show. Pure; ``Demo`` carries it out.
struct DemoPlan: Sendable {
    /// One thing that happens.
    enum Step: Sendable, Equatable {
        /// A client says something in one of its rooms.
        case chat(client: Int, room: String, text: String)
        /// These clients lose their connection, as if by the network, and come back by themselves.
        case drop([Int])
        /// A client is gone for this many milliseconds, and then comes back.
        case away(client: Int, milliseconds: Int)
    }

    /// How many clients there may be.
    static let most = 10_000
    static let rooms = ["lobby", "support", "games", "music", "news", "kitchen"]
    private static let texts = [
        "hello", "is anybody here?", "yes", "see you at noon", "what was that?", "back again", "fine, thanks", "who knows",
    ]

    let clients: Int
    private var random: SplitMix
    /// Milliseconds since the start, of the next of each kind.
    private var nextChat = 500
    private var nextSingle = 4000
    private var nextGroup = 9000
    private var groups = 0
    /// What belongs to the group drop that was just given.
    private var pending: (at: Int, step: Step)?

    init(clients: Int, seed: UInt64) {
        self.clients = max(0, min(clients, Self.most))
        random = SplitMix(state: seed)
        // Of ten or fewer, one is a tenth, and its loss an incident: the groups are enough then.
        if clients <= 10 { nextSingle = .max }
    }

    /// The rooms of a client: the lobby, and one or two more.
    func rooms(of client: Int) -> [String] {
        let others = Self.rooms.dropFirst()
        let first = others[others.startIndex + client % others.count]
        let second = others[others.startIndex + (client / others.count + client + 1) % others.count]
        return client % 3 == 0 || first == second ? ["lobby", first] : ["lobby", first, second]
    }

    /// The next step, and when it is due, in milliseconds since the start. Times never go back.
    mutating func next() -> (at: Int, step: Step)? {
        guard clients > 0 else { return nil }
        if let left = pending {
            pending = nil
            return left
        }
        let at = min(nextChat, nextSingle, nextGroup)
        switch at {
        case nextGroup:
            nextGroup += 17_000 + number(6000)
            groups += 1
            // A fifth of them, so that it counts as an incident whatever happened in the same second.
            let group = some((clients + 4) / 5)
            // Of each third group one stays away for longer than an incident waits: it will be missing.
            if groups % 3 == 2 {
                pending = (at, .away(client: group[number(group.count)], milliseconds: 40_000 + number(20_000)))
                // The next group comes when that incident has ended; else it would be one for ever.
                nextGroup += 25_000
            }
            return (at, .drop(group))
        case nextSingle:
            nextSingle += 1500 + number(3500)
            return (at, .drop([number(clients)]))
        default:
            // Each says something every ten seconds or so, all together not more than fifty times a second.
            let pause = max(20, 10_000 / clients)
            nextChat += max(20, pause / 2 + number(pause))
            let client = number(clients)
            let rooms = rooms(of: client)
            return (at, .chat(client: client, room: rooms[number(rooms.count)], text: Self.texts[number(Self.texts.count)]))
        }
    }

    private mutating func number(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

    /// So many different clients, in their order.
    private mutating func some(_ count: Int) -> [Int] {
        var chosen: Set<Int> = []
        while chosen.count < min(count, clients) { chosen.insert(number(clients)) }
        return chosen.sorted()
    }
}

/// A small generator of numbers with a seed (SplitMix64).
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
