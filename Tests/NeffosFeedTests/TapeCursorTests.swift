import Testing

@testable import NeffosFeed

@Suite struct TapeCursorTests {
    private static let start = FeedTime(milliseconds: 1_769_860_800_000)

    private static func entry(_ number: Int, name: String = "c") -> FeedEntry {
        FeedEntry(
            seq: number, node: "n",
            event: FeedEvent(time: start + number, kind: .connectionAcknowledged(connection: "\(name)\(number)", after: number)))
    }

    private static func line(_ entry: FeedEntry) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONLines.append(entry, to: &bytes)
        return bytes
    }

    private static func tape(_ count: Int, name: String = "c") -> [UInt8] { (1...count).flatMap { line(entry($0, name: name)) } }

    private func all(_ cursor: inout TapeCursor) -> [Int] {
        var numbers: [Int] = []
        while let entry = cursor.next() { numbers.append(entry.seq) }
        return numbers
    }

    @Test func `A tape larger than a block is read line by line, and from anywhere`() {
        let tape = Self.tape(3_000, name: String(repeating: "x", count: 100))
        #expect(tape.count > 2 * TapeCursor.blockSize)
        var cursor = TapeCursor(tape)
        var offsets: [Int] = []
        for number in 1...3_000 {
            offsets.append(cursor.offset)
            let read = cursor.next()
            #expect(read?.seq == number)
        }
        let end = cursor.next()
        #expect(end == nil)
        #expect(cursor.offset == tape.count)
        #expect(cursor.problems.isEmpty)
        for number in [1, 2_999, 1_500, 3_000, 7] {
            cursor.seek(to: offsets[number - 1])
            let read = cursor.next()
            #expect(read?.seq == number)
        }
    }

    @Test func `A tape that ends anywhere plays up to its last whole line`() {
        let whole = Self.tape(3)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
        for length in 0...whole.count {
            var cursor = TapeCursor(Array(whole[..<length]))
            let lines = ends.count { $0 < length }
            let read = all(&cursor)
            #expect(read == Array((1...3).prefix(lines)))
            let rest = length - (lines == 0 ? 0 : ends[lines - 1] + 1)
            #expect(cursor.problems.cutShort == rest)
            #expect(cursor.problems.sentences(atEnd: true).contains { $0.contains("last whole") } == (rest > 0))
        }
    }

    @Test func `What cannot be read is passed over, counted once and told`() {
        let newer = #"{"v":2,"seq":1,"time":"2026-01-31T12:00:00.000Z","node":"n","type":"connection.moved"}"#
        let unknown = #"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.000Z","node":"n","type":"connection.moved","to":"x"}"#
        let bad = #"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.000Z","node":"n","type":"probe","remote":5}"#
        let lines = ["no line", newer, unknown, unknown, bad, ""].flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
        var cursor = TapeCursor(Self.tape(1) + lines + Self.line(Self.entry(2)))
        for _ in 0..<3 {
            let read = all(&cursor)
            #expect(read == [1, 2])
            #expect(cursor.problems.unreadable == 2)
            #expect(cursor.problems.newer == 1)
            #expect(cursor.problems.newestVersion == 2)
            #expect(cursor.problems.unknownTypes == ["connection.moved": 2])
            cursor.seek(to: 0)
        }
        let told = cursor.problems.sentences(atEnd: true)
        #expect(told.count == 3)
        #expect(told[0].contains("version 2"))
        #expect(told[1].contains("connection.moved (2)"))
        #expect(told[2].contains("not a line of a feed"))
    }

    @Test func `Unknown types are bounded`() {
        let lines = (0..<100).flatMap {
            Array(#"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.000Z","node":"n","type":"t\#($0)"}"#.utf8) + [UInt8(ascii: "\n")]
        }
        var cursor = TapeCursor(lines)
        let end = cursor.next()
        #expect(end == nil)
        #expect(cursor.problems.unknownTypes.count == TapeProblems.mostTypes)
        #expect(cursor.problems.unknownOthers == 100 - TapeProblems.mostTypes)
        #expect(cursor.problems.sentences(atEnd: true).first?.contains("100 lines") == true)
    }

    @Test func `Text cut in an escape or in the middle of a character is no event`() {
        let cut = Array(#"{"v":1,"seq":1,"time":"2026-01-31T12:00:00.000Z","node":"\u00"#.utf8) + [0xC3, UInt8(ascii: "\n")]
        var cursor = TapeCursor(cut + Self.line(Self.entry(1)))
        let read = all(&cursor)
        #expect(read == [1])
        #expect(cursor.problems.unreadable == 1)
    }
}
