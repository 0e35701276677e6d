#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A length of time in milliseconds, the unit of the feed.
public typealias Milliseconds = Int

/// A point in time, in milliseconds since 1970 (UTC).
public struct FeedTime: Sendable, Hashable, Comparable {
    public var milliseconds: Int64
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public static func < (left: FeedTime, right: FeedTime) -> Bool { left.milliseconds < right.milliseconds }
    public static func - (left: FeedTime, right: FeedTime) -> Milliseconds { Milliseconds(left.milliseconds - right.milliseconds) }
    public static func + (left: FeedTime, right: Milliseconds) -> FeedTime { FeedTime(milliseconds: left.milliseconds + Int64(right)) }
}

extension FeedTime {
    /// The time of day of this machine. It may step backwards.
    public static func now() -> FeedTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return FeedTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// `2026-01-31T12:00:00.123Z`. Times outside of the years 0 to 9999 stand at that range's end.
    public var iso8601: String {
        var bytes: [UInt8] = []
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let millisecondsOfDay: Int64 = 86_400_000
    private static let first = -62_167_219_200_000 as Int64
    private static let last = 253_402_300_799_999 as Int64

    func appendISO8601(to bytes: inout [UInt8]) {
        let time = min(max(milliseconds, Self.first), Self.last)
        let ofDay = ((time % Self.millisecondsOfDay) + Self.millisecondsOfDay) % Self.millisecondsOfDay
        let days = (time - ofDay) / Self.millisecondsOfDay
        let date = Self.civil(fromDays: days)
        func append(_ value: Int64, digits: Int) {
            var divisor: Int64 = digits == 4 ? 1000 : digits == 3 ? 100 : 10
            while divisor > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
                divisor /= 10
            }
        }
        append(date.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        append(date.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        append(date.day, digits: 2)
        bytes.append(UInt8(ascii: "T"))
        append(ofDay / 3_600_000, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(ofDay / 60_000 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(ofDay / 1000 % 60, digits: 2)
        bytes.append(UInt8(ascii: "."))
        append(ofDay % 1000, digits: 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads `2026-01-31T12:00:00Z`, with up to nine decimals of a second, of which three count. nil for anything else.
    public init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 30, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            hour < 24, minute < 60, second < 60, (1...12).contains(month), day >= 1
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            let digits = 20..<(bytes.count - 1)
            guard bytes[19] == UInt8(ascii: "."), !digits.isEmpty, number(digits) != nil else { return nil }
            for index in 0..<3 {
                fraction *= 10
                if 20 + index < digits.upperBound { fraction += Int64(bytes[20 + index] - UInt8(ascii: "0")) }
            }
        }
        let days = Self.days(year: year, month: month, day: day)
        // A day that the month does not have comes back as another date.
        let date = Self.civil(fromDays: days)
        guard date.month == month, date.day == day else { return nil }
        self.init(milliseconds: days * Self.millisecondsOfDay + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction)
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01. Years begin in March here, so that the leap day is their last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}
