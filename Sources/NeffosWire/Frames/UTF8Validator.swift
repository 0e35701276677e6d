/// Checks UTF-8 that comes in pieces, and says so at the first byte that cannot be part of any (RFC 3629; RFC 6455 section 8.1).
struct UTF8Validator {
    /// How many bytes the sequence that is under way still lacks.
    private var missing: UInt8 = 0
    /// What its next byte may be: narrower after some first bytes, so that overlong forms, surrogates and what is beyond U+10FFFF fail.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether the text may end here.
    var isComplete: Bool { missing == 0 }

    /// Takes the next piece; false: the text is no UTF-8.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        var at = 0
        while at < count {
            if missing == 0 {
                at = Self.skip(base, from: at, count: count)
                if at == count { return true }
                guard begin(base.load(fromByteOffset: at, as: UInt8.self)) else { return false }
                at &+= 1
            }
            while missing != 0, at < count {
                let byte = base.load(fromByteOffset: at, as: UInt8.self)
                guard byte >= lowest, byte <= highest else { return false }
                lowest = 0x80
                highest = 0xBF
                missing &-= 1
                at &+= 1
            }
        }
        return true
    }

    /// Whether the bytes are UTF-8, whole.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.accept(bytes) && validator.isComplete
    }

    /// The offset of the first byte that the fast path leaves to the slow one: a sequence that is bad, or near the end.
    private static func skip(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var at = start
        while at < count {
            if base.load(fromByteOffset: at, as: UInt8.self) < 0x80 {
                while at &+ 32 <= count {
                    let wide = base.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self)
                    let pair = wide.lowHalf | wide.highHalf
                    if (pair.x | pair.y) & ByteSearch.highBits != 0 { break }
                    at &+= 32
                }
                while at &+ 8 <= count {
                    let high = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self)) & ByteSearch.highBits
                    if high != 0 {
                        at &+= high.trailingZeroBitCount &>> 3
                        break
                    }
                    at &+= 8
                }
                while at < count, base.load(fromByteOffset: at, as: UInt8.self) < 0x80 { at &+= 1 }
                continue
            }
            guard at &+ 4 <= count else { return at }
            let length = sequenceBytes(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
            if length == 0 { return at }
            at &+= length
        }
        return at
    }

    /// The length of the sequence of two to four bytes that `word` starts with, its lowest byte first; 0 if it starts with none.
    @inline(__always)
    private static func sequenceBytes(_ word: UInt32) -> Int {
        if word & 0xC0E0 == 0x80C0 {
            // C0 and C1 would be overlong.
            return word & 0x1E != 0 ? 2 : 0
        }
        if word & 0xC0_C0F0 == 0x80_80E0 {
            // E0 80…9F is overlong, ED A0…BF a surrogate.
            let bits = word & 0x200F
            return bits != 0 && bits != 0x200D ? 3 : 0
        }
        if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            // F0 80…8F is overlong; F4 90 and what follows lies beyond U+10FFFF.
            let bits = word & 0x3007
            return bits != 0 && (bits & 0x7 < 4 || bits == 0x4) ? 4 : 0
        }
        return 0
    }

    /// Takes the first byte of a sequence of two to four.
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0:
            missing = 2
            lowest = 0xA0
        case 0xED:
            missing = 2
            highest = 0x9F
        case 0xE1...0xEF: missing = 2
        case 0xF0:
            missing = 3
            lowest = 0x90
        case 0xF4:
            missing = 3
            highest = 0x8F
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
