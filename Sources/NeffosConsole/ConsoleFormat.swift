import NeffosFeed

/// How figures are written on the screens: short, with their unit, and of a width that does not jump.
enum ConsoleFormat {
    /// `1 204`: groups of three, parted by a space.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
            text.append(digit)
        }
        return text
    }

    /// `950`, `8.1k`, `92k`, `1.2M`: at most four characters below 1000 G.
    static func compact(_ value: Double) -> String {
        scaled(value, base: 1000, units: ["", "k", "M", "G", "T", "P"])
    }

    /// ``count(_:)`` below a million, ``compact(_:)`` from there on: at most seven characters.
    static func short(_ value: Int) -> String { value.magnitude < 1_000_000 ? count(value) : compact(Double(value)) }

    /// `14.2/s`, `812/s`, `8.1k/s`.
    static func rate(_ value: Double) -> String { compact(value) + "/s" }

    /// `84M`, in powers of 1024.
    static func bytes(_ value: Int) -> String {
        scaled(Double(value), base: 1024, units: ["B", "K", "M", "G", "T", "P"])
    }

    /// `31%`.
    static func percent(_ value: Double) -> String { scaled(value, base: 1_000_000, units: ["", "M", "T"]) + "%" }

    /// `0.4ms`, `12ms`, `1.5s`: a figure of the vital line.
    static func lag(_ milliseconds: Double) -> String {
        milliseconds < 1000 ? scaled(milliseconds, base: 1000, units: ["ms"]) : scaled(milliseconds / 1000, base: 1000, units: ["s", "ks"])
    }

    /// `4`, `0.5`, `0.25`.
    static func speed(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1_000_000 else { return "?" }
        let hundredths = Int((value * 100).rounded())
        if hundredths.isMultiple(of: 100) { return String(hundredths / 100) }
        return hundredths.isMultiple(of: 10)
            ? "\(hundredths / 100).\(hundredths / 10 % 10)" : "\(hundredths / 100).\(two(hundredths % 100))"
    }

    /// `0.4ms`, `12ms`, of microseconds.
    static func roundTrip(_ microseconds: Int) -> String { lag(Double(max(0, microseconds)) / 1000) }

    /// `250 ms`, `4.2 s`, `4 min 12 s`, `2 h 05 min`, `3 d 4 h`.
    static func duration(_ value: Milliseconds) -> String {
        let value = max(0, value)
        if value < 1000 { return "\(value) ms" }
        if value < 60_000 {
            let tenths = (value + 50) / 100
            return tenths < 600 ? "\(tenths / 10).\(tenths % 10) s" : "1 min 00 s"
        }
        let seconds = value / 1000
        if seconds < 3600 { return "\(seconds / 60) min \(two(seconds % 60)) s" }
        if seconds < 86_400 { return "\(seconds / 3600) h \(two(seconds / 60 % 60)) min" }
        return "\(count(seconds / 86_400)) d \(seconds / 3600 % 24) h"
    }

    /// `4.0–6.0 s`, `950 ms–4.0 s`: the unit once where both ends share it.
    static func durations(_ range: ClosedRange<Milliseconds>, to: String) -> String {
        let first = duration(range.lowerBound)
        let last = duration(range.upperBound)
        let areSeconds = [range.lowerBound, range.upperBound].allSatisfy { $0 >= 1000 && $0 < 59_950 }
        return (areSeconds ? String(first.dropLast(2)) : first) + to + last
    }

    /// `31 s`, `12 min`, `5 h`, `3 d`: an age, which needs no fraction.
    static func age(_ value: Milliseconds) -> String {
        let seconds = max(0, value) / 1000
        if seconds < 100 { return "\(seconds) s" }
        if seconds < 6000 { return "\(seconds / 60) min" }
        if seconds < 172_800 { return "\(seconds / 3600) h" }
        return "\(count(seconds / 86_400)) d"
    }

    /// `02:13:44`, from a day on `3d 02:13:44`.
    static func elapsed(_ value: Milliseconds) -> String {
        let seconds = max(0, value) / 1000
        let clock = "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        return seconds < 86_400 ? clock : "\(count(seconds / 86_400))d \(clock)"
    }

    /// The time of day at a point in time: `12:01:09`.
    /// - Parameter offset: seconds that the operator's clock is ahead of UTC.
    static func clock(_ time: FeedTime, offset: Int) -> String {
        let seconds = (time.milliseconds.quotientRoundingDown(1000) &+ Int64(offset)).remainderRoundingDown(86_400)
        return elapsed(Int(seconds) * 1000)
    }

    /// `1 client`, `2 clients`.
    static func plural(_ value: Int, _ noun: String, _ several: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? noun : several ?? noun + "s")"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func scaled(_ value: Double, base: Double, units: [String]) -> String {
        guard value.isFinite else { return "?" }
        var rest = max(0, value)
        var unit = 0
        while rest >= base * 0.9995, unit + 1 < units.count {
            rest /= base
            unit += 1
        }
        let tenths = (rest * 10).rounded()
        // `14.2` and `8.1k`, but `92k`: a decimal only where it stands for something.
        guard tenths < 1_000_000_000 else { return "?" }
        let isWhole = Int(tenths).isMultiple(of: 10)
        if rest < (unit == 0 ? 99.95 : 9.95), !isWhole || unit > 0 { return "\(Int(tenths) / 10).\(Int(tenths) % 10)\(units[unit])" }
        return "\(Int(rest.rounded()))\(units[unit])"
    }
}

extension Int64 {
    fileprivate func quotientRoundingDown(_ divisor: Int64) -> Int64 { self >= 0 ? self / divisor : (self - divisor + 1) / divisor }
    fileprivate func remainderRoundingDown(_ divisor: Int64) -> Int64 { ((self % divisor) + divisor) % divisor }
}
