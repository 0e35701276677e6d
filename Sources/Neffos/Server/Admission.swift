import DequeModule
import NIOCore

/// Who may come in: places, addresses and the rate of probes (protocol section 1). Pure: time is passed in.
///
/// An answered probe holds a place, so that no client is told that the server is there and then refused: some would give up for ever.
struct Admission {
    struct Limits: Sendable, Hashable {
        var connections: Int
        var perAddress: Int
        var probesPerSecond: Int
        var probeHold: TimeAmount
        /// How long an answered probe holds its place.
        var placeHold: TimeAmount
    }

    enum Probe: Equatable {
        /// Answer it after this long; zero is at once.
        case answer(after: TimeAmount)
        /// Close its TCP connection without an answer.
        case drop
    }

    enum Upgrade: Equatable {
        case accept
        case refuse(status: Int, reason: String)
    }

    private(set) var limits: Limits
    private(set) var connections = 0
    private var byAddress: [String: Int] = [:]
    /// Places held by answered probes, oldest first.
    private var held: Deque<(until: NIODeadline, address: String)> = []
    private var heldByAddress: [String: Int] = [:]
    /// How many of the oldest entries of ``held`` were taken by an upgrade, and have nothing to give back.
    private var takenByAddress: [String: Int] = [:]
    private var heldCount = 0
    /// When the next probe's turn is, where probes are answered at a rate.
    private var nextTurn = NIODeadline.uptimeNanoseconds(0)
    private(set) var isDraining = false
    private var isPaused = false
    /// The listener is away: whoever is still connected from before finds nobody, too.
    var isAway = false
    private var isStopped = false

    init(limits: Limits) { self.limits = limits }

    /// Other limits from now on. Whoever is in stays, and places that are held stay held.
    ///
    /// - Parameter present: the addresses of the connections there are, each as often as it has some; for a bound on one address that there
    ///   was none of before, so that nothing was counted.
    mutating func change(_ new: Limits, present: () -> [String]) {
        let wasCounting = limits.perAddress > 0
        limits = new
        if !wasCounting, new.perAddress > 0 {
            byAddress = [:]
            for address in present() { byAddress[Self.source(address), default: 0] += 1 }
        } else if new.perAddress <= 0 {
            byAddress = [:]
        }
        // Turns that were given at the old rate may lie far ahead.
        nextTurn = .uptimeNanoseconds(0)
    }

    /// No more probes are answered, and only those come in whose probe was.
    mutating func drain() { isDraining = true }

    /// While paused no probe is answered, and only those come in whose probe was.
    ///
    /// - Returns: whether it was paused before.
    mutating func pause(_ isPaused: Bool) -> Bool {
        defer { self.isPaused = isPaused }
        return self.isPaused
    }

    private var answersNobody: Bool { isDraining || isPaused || isAway }

    /// Nobody comes in any more.
    mutating func stop() {
        isDraining = true
        isStopped = true
    }

    /// Places that are taken, or held for those who were told to come.
    mutating func places(at now: NIODeadline) -> Int {
        expire(at: now)
        return connections + heldCount
    }

    mutating func probe(from address: String, at now: NIODeadline) -> Probe {
        expire(at: now)
        let address = Self.source(address)
        if answersNobody { return .drop }
        if limits.connections > 0, connections + heldCount >= limits.connections { return .drop }
        if limits.perAddress > 0, byAddress[address, default: 0] + heldByAddress[address, default: 0] >= limits.perAddress { return .drop }
        var wait = TimeAmount.zero
        if limits.probesPerSecond > 0 {
            let interval = TimeAmount.nanoseconds(1_000_000_000 / Int64(limits.probesPerSecond))
            // A burst of one second's worth is free: the turns lie at most a second behind, this one included.
            let turn = max(nextTurn, now - .seconds(1) + interval)
            if turn > now {
                wait = turn - now
                if wait > limits.probeHold { return .drop }
            }
            nextTurn = turn + interval
        }
        hold(address, until: now + wait + limits.placeHold)
        return .answer(after: wait)
    }

    /// A probe whose answer was held back has its turn, or has gone away.
    ///
    /// - Returns: whether to answer it; where not, its place is free again.
    mutating func turn(of address: String, isPresent: Bool, at now: NIODeadline) -> Bool {
        expire(at: now)
        if isPresent, !answersNobody { return true }
        takeHeld(Self.source(address))
        return false
    }

    /// Whoever was answered asks again on the same TCP connection: it cannot hold one place after the other.
    mutating func probeAgain(from address: String, at now: NIODeadline) -> Probe {
        expire(at: now)
        takeHeld(Self.source(address))
        return probe(from: address, at: now)
    }

    mutating func upgrade(from address: String, at now: NIODeadline) -> Upgrade {
        expire(at: now)
        let address = Self.source(address)
        if isStopped { return .refuse(status: 503, reason: "stopped") }
        // A probe of its was answered: the place is kept even if a drain began, it is taken and then sent away with 1001; and if a pause did.
        if !takeHeld(address) {
            if isDraining { return .refuse(status: 503, reason: "draining") }
            if isPaused { return .refuse(status: 503, reason: "paused") }
            if isAway { return .refuse(status: 503, reason: "away") }
            if limits.connections > 0, connections + heldCount >= limits.connections { return .refuse(status: 503, reason: "full") }
            if limits.perAddress > 0, byAddress[address, default: 0] >= limits.perAddress {
                return .refuse(status: 429, reason: "too many connections from one address")
            }
        }
        connections += 1
        if limits.perAddress > 0 { byAddress[address, default: 0] += 1 }
        return .accept
    }

    /// A connection that was accepted has ended.
    mutating func release(_ address: String) {
        connections -= 1
        let address = Self.source(address)
        guard limits.perAddress > 0, let count = byAddress[address] else { return }
        byAddress[address] = count == 1 ? nil : count - 1
    }

    /// What is counted together: one address, or the IPv6 network of one subscriber, who else had 2⁶⁴ of them.
    static func source(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")), let ip = IPAddress(address), !ip.isV4 else { return address }
        return ip.subscriber.description
    }

    /// Takes a place that is held for this address, if there is one.
    @discardableResult
    private mutating func takeHeld(_ address: String) -> Bool {
        guard let places = heldByAddress[address] else { return false }
        heldByAddress[address] = places == 1 ? nil : places - 1
        takenByAddress[address, default: 0] += 1
        heldCount -= 1
        return true
    }

    private mutating func hold(_ address: String, until: NIODeadline) {
        held.append((until, address))
        heldByAddress[address, default: 0] += 1
        heldCount += 1
    }

    private mutating func expire(at now: NIODeadline) {
        while let first = held.first, first.until <= now {
            held.removeFirst()
            if let taken = takenByAddress[first.address] {
                takenByAddress[first.address] = taken == 1 ? nil : taken - 1
                continue
            }
            guard let places = heldByAddress[first.address] else { continue }
            heldByAddress[first.address] = places == 1 ? nil : places - 1
            heldCount -= 1
        }
    }
}
