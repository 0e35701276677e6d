import NeffosFeed
import Testing

@Suite struct FeedTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_769_860_800_123, "2026-01-31T12:00:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `a time and its text are the same`(milliseconds: Int64, text: String) {
        #expect(FeedTime(milliseconds: milliseconds).iso8601 == text)
        #expect(FeedTime(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test func `every day of eight hundred years is the next one after the day before`() {
        var before = ""
        for day in stride(from: Int64(-146_097), to: 146_097, by: 1) {
            let time = FeedTime(milliseconds: day * 86_400_000 + 1)
            let text = time.iso8601
            // Not `#expect`, which costs more than what it looks at here.
            if text <= before || FeedTime(iso8601: text) != time { Issue.record("\(text) after \(before)") }
            before = text
        }
    }

    @Test func `times beyond the calendar stand at its end`() {
        #expect(FeedTime(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
        #expect(FeedTime(milliseconds: .min).iso8601 == "0000-01-01T00:00:00.000Z")
    }

    @Test func `decimals of a second may be missing, fewer or more`() {
        #expect(FeedTime(iso8601: "1970-01-01T00:00:01Z")?.milliseconds == 1000)
        #expect(FeedTime(iso8601: "1970-01-01T00:00:01.5Z")?.milliseconds == 1500)
        #expect(FeedTime(iso8601: "1970-01-01T00:00:01.123456789Z")?.milliseconds == 1123)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00+01:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z",
        "2026-01-31T12:00:60Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:00.1a2Z",
        "2026-01-31 12:00:00Z", "+026-01-31T12:00:00Z", "2026-01-31T12:00:00,5Z", "２026-01-31T12:00:00Z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(FeedTime(iso8601: text) == nil)
    }

    @Test func `now is after this was written`() {
        #expect(FeedTime.now().milliseconds > 1_769_860_800_000)
    }
}
