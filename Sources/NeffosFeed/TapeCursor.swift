/// Bytes that can be read from anywhere: a recorded feed's file, or an array in a test.
package protocol TapeBytes: Sendable {
    /// How many there are now; a tape that is still being recorded grows.
    var size: Int { get }
    /// At most `count` bytes from `offset` on; fewer at the end, none behind it or where they cannot be read.
    func read(at offset: Int, count: Int) -> [UInt8]
}

extension [UInt8]: TapeBytes {
    package var size: Int { count }
    package func read(at offset: Int, count: Int) -> [UInt8] {
        offset < self.count ? Array(self[offset..<Swift.min(self.count, offset + count)]) : []
    }
}

/// Reads a tape line by line from any place in it, and holds no more of it than a block and a line.
///
/// A line that cannot be read is passed over and told in ``TapeProblems``. What stands behind the last newline is no line yet: it was cut
/// short by a crash, or is still being written.
package struct TapeCursor: Sendable {
    /// Bytes that are read at once.
    static let blockSize = 256 << 10
    /// A longer line than this is no event: the largest is a snapshot, about 200 bytes a connection.
    package static let longestLine = 256 << 20

    private let tape: any TapeBytes
    /// What is read but not used yet; it begins at ``offset``.
    private var block: [UInt8] = []
    private var used = 0
    /// Where the next line begins.
    package private(set) var offset: Int
    package private(set) var problems = TapeProblems()

    package init(_ tape: some TapeBytes, at offset: Int = 0) {
        self.tape = tape
        self.offset = offset
    }

    /// Goes to where a line begins. What was told of lines that are read a second time is not told again.
    package mutating func seek(to offset: Int) {
        guard offset != self.offset else { return }
        self.offset = offset
        block = []
        used = 0
    }

    /// The next event, or nil where there is no whole line any more. May be asked again when the tape has grown.
    package mutating func next() -> FeedEntry? {
        while let line = nextLine() {
            let place = offset
            offset += line.count + 1
            guard !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) else { continue }
            do throws(TapeError) {
                let entry = try JSONLines.decode(line)
                problems.read(at: place)
                return entry
            } catch {
                problems.count(error, at: place)
            }
        }
        problems.cutShort = tape.size > offset ? tape.size - offset : 0
        return nil
    }

    /// Without its newline.
    private mutating func nextLine() -> ArraySlice<UInt8>? {
        var searched = used
        while true {
            if let end = block[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { used = end + 1 }
                return block[used..<end]
            }
            let rest = block.count - used
            let more = tape.read(at: offset + rest, count: Self.blockSize)
            if more.isEmpty { return nil }
            if rest > Self.longestLine {
                guard skipLine(from: offset + rest) else { return nil }
                searched = used
                continue
            }
            block.removeSubrange(..<used)
            block += more
            used = 0
            searched = rest
        }
    }

    /// Passes over a line without end. Whether there is anything behind it.
    private mutating func skipLine(from start: Int) -> Bool {
        problems.count(.notJSON("the line is too long"), at: offset)
        var place = start
        while true {
            let more = tape.read(at: place, count: Self.blockSize)
            if more.isEmpty { return false }
            if let end = more.firstIndex(of: UInt8(ascii: "\n")) {
                offset = place + end + 1
                block = Array(more[(end + 1)...])
                used = 0
                return true
            }
            place += more.count
        }
    }
}
