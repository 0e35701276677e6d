/// Searches in bytes, eight at a time. Frames of a hundred bytes are searched for every message, so this is worth its tricks.
enum ByteSearch {
    /// The offset of the first `byte` at or after `start`, nil if there is none.
    @inline(__always)
    static func offset(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let count = bytes.count
        var at = start
        while at &+ 8 <= count {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let hits = matches(of: byte, in: word)
            if hits != 0 { return at &+ hits.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < count {
            if base.load(fromByteOffset: at, as: UInt8.self) == byte { return at }
            at &+= 1
        }
        return nil
    }

    /// How many of the bytes are `byte`.
    static func count(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        let count = bytes.count
        var found = 0
        var at = 0
        while at &+ 8 <= count {
            found &+= matches(of: byte, in: base.loadUnaligned(fromByteOffset: at, as: UInt64.self)).nonzeroBitCount
            at &+= 8
        }
        while at < count {
            if base.load(fromByteOffset: at, as: UInt8.self) == byte { found &+= 1 }
            at &+= 1
        }
        return found
    }

    /// Whether all bytes are ASCII and none is `byte`.
    static func isASCII(_ bytes: UnsafeRawBufferPointer, without byte: UInt8) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        var at = 0
        while at &+ 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            if (word & highBits) | matches(of: byte, in: word) != 0 { return false }
            at &+= 8
        }
        while at < count {
            let next = base.load(fromByteOffset: at, as: UInt8.self)
            if next >= 0x80 || next == byte { return false }
            at &+= 1
        }
        return true
    }

    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each byte of `word` that is `byte`, exactly: no carry runs from one byte into the next.
    @inline(__always)
    private static func matches(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return ~(((difference & ~highBits) &+ ~highBits) | difference | ~highBits)
    }
}
