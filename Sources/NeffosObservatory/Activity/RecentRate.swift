import NeffosFeed

/// How often something happened a second over about the last ten, in twelve bytes: what came in the ten seconds now running, and in the ten
/// before, of which the part counts that is still within ten seconds.
struct RecentRate: Sendable, Hashable {
    static let window: Int64 = 10_000

    /// Ten seconds each, counted from 1970; 0: never.
    private(set) var number: UInt32 = 0
    private(set) var current: UInt32 = 0
    private(set) var before: UInt32 = 0

    init() {}

    init(number: UInt32, current: UInt32, before: UInt32) {
        self.number = number
        self.current = current
        self.before = before
    }

    private static func number(of time: FeedTime) -> UInt32 { UInt32(clamping: max(0, time.milliseconds) / window) }

    mutating func add(at time: FeedTime) {
        let now = RecentRate.number(of: time)
        if now != number {
            before = now == number &+ 1 ? current : 0
            current = 0
            number = now
        }
        current = current == .max ? .max : current + 1
    }

    func perSecond(at time: FeedTime) -> Double {
        let now = RecentRate.number(of: time)
        let passed = Double(max(0, time.milliseconds) % RecentRate.window) / Double(RecentRate.window)
        if now == number { return (Double(before) * (1 - passed) + Double(current)) / 10 }
        if now == number &+ 1 { return Double(current) * (1 - passed) / 10 }
        return 0
    }
}
