import NeffosFeed
import Testing

@testable import NeffosConsole

@Suite struct FormatTests {
    @Test func `Counts are grouped by three`() {
        #expect([0, 999, 1204, 1_000_000, -45_678].map(ConsoleFormat.count) == ["0", "999", "1 204", "1 000 000", "-45 678"])
        #expect(ConsoleFormat.count(.min) == "-9 223 372 036 854 775 808")
        #expect([999_999, 1_234_567].map(ConsoleFormat.short) == ["999 999", "1.2M"])
    }

    @Test func `Rates are short`() {
        let rates = [0, 0.04, 0.25, 14.2, 14, 99.96, 812, 999.6, 8100, 92_000, 999_600, 1_250_000].map(ConsoleFormat.rate)
        #expect(
            rates == [
                "0/s", "0/s", "0.3/s", "14.2/s", "14/s", "100/s", "812/s", "1.0k/s", "8.1k/s", "92k/s", "1.0M/s", "1.3M/s",
            ])
        #expect(ConsoleFormat.rate(.nan) == "?/s")
        #expect(ConsoleFormat.rate(-1) == "0/s")
        #expect(ConsoleFormat.compact(.greatestFiniteMagnitude) == "?")
    }

    @Test func `Sizes and shares have their units`() {
        #expect([0, 512, 88_000_000, 3_000_000_000].map(ConsoleFormat.bytes) == ["0B", "512B", "84M", "2.8G"])
        #expect([0.3, 31, 100, 1600].map(ConsoleFormat.percent) == ["0.3%", "31%", "100%", "1600%"])
        #expect([0.4, 12, 1500].map(ConsoleFormat.lag) == ["0.4ms", "12ms", "1.5s"])
    }

    @Test func `Lengths of time are as exact as they need to be`() {
        #expect(
            [0, 250, 4200, 59_940, 59_960, 252_000, 7_500_000, 100_000_000].map(ConsoleFormat.duration) == [
                "0 ms", "250 ms", "4.2 s", "59.9 s", "1 min 00 s", "4 min 12 s", "2 h 05 min", "1 d 3 h",
            ])
        #expect(
            [0, 31_000, 99_999, 720_000, 18_000_000, 259_200_000].map(ConsoleFormat.age) == ["0 s", "31 s", "99 s", "12 min", "5 h", "3 d"])
        #expect([0, 8_024_000, 267_224_000].map(ConsoleFormat.elapsed) == ["00:00:00", "02:13:44", "3d 02:13:44"])
        #expect(ConsoleFormat.durations(4000...6000, to: "–") == "4.0–6.0 s")
        #expect(ConsoleFormat.durations(900...6000, to: "–") == "900 ms–6.0 s")
    }

    @Test func `The time of day follows the operator's clock`() {
        #expect(ConsoleFormat.clock(Scene.noon, offset: 0) == "12:01:40")
        #expect(ConsoleFormat.clock(Scene.noon, offset: -13 * 3600) == "23:01:40")
        #expect(ConsoleFormat.clock(FeedTime(milliseconds: -1), offset: 0) == "23:59:59")
    }

    @Test func `A full log forgets its oldest lines`() {
        var log = ConsoleLog(capacity: 8)
        for index in 0..<20 { log.append(.init(time: Scene.noon, level: .info, text: "\(index)")) }
        #expect(log.lines.count <= 8)
        #expect(log.lines.last?.text == "19")
        #expect(log.written == 20)
    }
}
