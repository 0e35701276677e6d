import NeffosConsole
import NeffosFeed

/// From where a tape is played: `--from 12:03:11`, a time of day where the operator is, `--from 2026-01-31T12:03:11Z`, or `--from +90s` from its
/// beginning.
enum ReplayStart: Sendable, Equatable {
    case time(FeedTime)
    /// Milliseconds since midnight.
    case timeOfDay(Milliseconds)
    case after(Milliseconds)

    /// - Throws: what is wrong, and what to write.
    init(parsing text: String) throws(ValueError) {
        if text.hasPrefix("+") {
            self = .after(Int(clamping: try DurationText(parsing: String(text.dropFirst())).milliseconds))
            return
        }
        if let time = FeedTime(iso8601: text) {
            self = .time(time)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.count == 2 && $0.allSatisfy(\.isASCII) ? Int($0) : nil }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 })
        else {
            throw ValueError("\"\(text)\" is no time", advice: "write 12:03:11, 2026-01-31T12:03:11Z, or +90s from the beginning")
        }
        self = .timeOfDay(((numbers[0] * 60 + numbers[1]) * 60 + (numbers.count == 3 ? numbers[2] : 0)) * 1000)
    }

    /// The time of the tape that is meant.
    /// - Parameter offset: seconds that the operator's clock is ahead of UTC.
    func time(of bounds: TapeBounds, offset: Int) -> FeedTime {
        switch self {
        case .time(let time): return time
        case .after(let milliseconds): return bounds.first + milliseconds
        case .timeOfDay(let ofDay):
            let local = bounds.first.milliseconds + Int64(offset) * 1000
            let midnight = local - ((local % 86_400_000) + 86_400_000) % 86_400_000
            let sameDay = FeedTime(milliseconds: midnight + Int64(ofDay) - Int64(offset) * 1000)
            // A tape that began before midnight goes on behind it.
            return sameDay.milliseconds + 999 < bounds.first.milliseconds ? sameDay + 86_400_000 : sameDay
        }
    }
}
