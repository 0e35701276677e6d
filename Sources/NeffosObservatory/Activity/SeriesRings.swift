/// One series at three resolutions: 600 seconds, two hours by ten seconds, two days by two minutes.
struct SeriesRings: Sendable {
    var seconds = SecondRing()
    var tens = CoarseRing(step: 10, capacity: 720)
    var minutes = CoarseRing(step: 120, capacity: 1440)

    /// How many seconds late a value may come and still count in the longer steps: a sample tells of the second before it.
    private static let lateness: Int64 = 3

    /// Seconds up to this one begin with `value`.
    mutating func advance(to second: Int64, filling value: Double = 0) {
        let before = seconds.newest
        guard second > before else { return }
        seconds.advance(to: second, filling: value)
        guard before > 0 else { return }
        // Seconds that are over for good; after a long pause only those that are still kept, the others were empty.
        let first = max(before - SeriesRings.lateness, second - Int64(SecondRing.seconds) + 1)
        for each in first..<max(first, second - SeriesRings.lateness) where each > 0 {
            tens.add(seconds[each], second: each)
            minutes.add(seconds[each], second: each)
        }
    }

    func history(_ resolution: Resolution, _ buckets: Int, peaks: Bool) -> [Double] {
        switch resolution {
        case .second: seconds.history(buckets)
        case .tenSeconds: tens.history(buckets, peaks: peaks)
        case .twoMinutes: minutes.history(buckets, peaks: peaks)
        }
    }
}

/// How long the steps of a history are.
public enum Resolution: Int, Sendable, Hashable, CaseIterable {
    /// 600 of them.
    case second = 1
    /// 720 of them: two hours.
    case tenSeconds = 10
    /// 1440 of them: two days.
    case twoMinutes = 120

    /// The length of a step, in seconds.
    public var seconds: Int { rawValue }
    /// How many are kept.
    public var capacity: Int {
        switch self {
        case .second: 600
        case .tenSeconds: 720
        case .twoMinutes: 1440
        }
    }
}
