import NeffosFeed
import Testing

@testable import NeffosCommand

@Suite struct ReplayStartTests {
    /// 2026-01-31 23:59:00 UTC to ten minutes later.
    private static let bounds: TapeBounds = {
        let first = FeedTime(iso8601: "2026-01-31T23:59:00.000Z") ?? FeedTime(milliseconds: 0)
        return TapeBounds(first: first, last: first + 600_000)
    }()

    private func time(_ text: String, offset: Int = 0) throws -> String {
        try ReplayStart(parsing: text).time(of: Self.bounds, offset: offset).iso8601
    }

    @Test func `A time of day is one of the tape's, behind midnight too, on the operator's clock`() throws {
        #expect(try time("23:59:30") == "2026-01-31T23:59:30.000Z")
        #expect(try time("00:03") == "2026-02-01T00:03:00.000Z")
        #expect(try time("00:59:30", offset: 3_600) == "2026-01-31T23:59:30.000Z")
        #expect(try time("01:03", offset: 3_600) == "2026-02-01T00:03:00.000Z")
    }

    @Test func `A whole time and a time from the beginning are taken`() throws {
        #expect(try time("2026-02-01T00:01:02Z") == "2026-02-01T00:01:02.000Z")
        #expect(try time("+90s") == "2026-02-01T00:00:30.000Z")
    }

    @Test(arguments: ["", "noon", "25:00", "12:60", "1:2:3", "+90", "12:00:00:00", "-5s"])
    func `Anything else is refused with what to write`(text: String) {
        #expect(throws: ValueError.self) { try ReplayStart(parsing: text) }
    }
}
