import Testing

@testable import NeffosCommand

@Suite struct ValueTextTests {
    @Test(arguments: [("250ms", 250), ("5s", 5000), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0), ("2400h", 8_640_000_000)])
    func `a duration is a whole number and a unit`(text: String, milliseconds: Int64) throws {
        #expect(try DurationText(parsing: text).milliseconds == milliseconds)
    }

    @Test(arguments: ["", "5", "s", "5 s", "-5s", "1.5s", "5S", "5sec", "2401h", "99999999999999999999s", "٣s"])
    func `what is no duration is refused`(text: String) {
        #expect(throws: ValueError.self) { try DurationText(parsing: text) }
    }

    @Test(arguments: ["250ms", "5s", "2m", "1h", "90s", "0s"])
    func `a duration's text reads back as it was`(text: String) throws {
        #expect(try DurationText(parsing: text).text == text)
    }

    @Test(arguments: [
        ("512", 512), ("512B", 512), ("64KiB", 65_536), ("1MiB", 1_048_576), ("64kB", 64_000), ("1MB", 1_000_000), ("2GiB", 2_147_483_648),
    ])
    func `a size is a whole number, with a unit or without`(text: String, bytes: Int) throws {
        #expect(try ByteCount(parsing: text).bytes == bytes)
    }

    @Test(arguments: ["", "1.5MiB", "-1", "1Mib", "1KB", "MiB", "1 MiB", "9999999999GiB", "99999999999999999999"])
    func `what is no size is refused`(text: String) {
        #expect(throws: ValueError.self) { try ByteCount(parsing: text) }
    }

    @Test func `an unknown unit is named, with the units there are`() {
        #expect(
            throws: ValueError("\"5sec\" has the unknown unit \"sec\"", advice: "write ms, s, m or h after the number, like 250ms or 5s")
        ) {
            try DurationText(parsing: "5sec")
        }
    }
}
