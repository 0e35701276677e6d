import Testing

@testable import NeffosWire

@Suite struct UTF8ValidatorTests {
    static let good: [[UInt8]] = [
        [], [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xEC, 0xBF, 0xBF], [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF],
        [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xEF, 0xBB, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF3, 0xBF, 0xBF, 0xBF],
        [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    static let bad: [[UInt8]] = [
        // A continuation without a beginning.
        [0x80], [0xBF], [0xC2, 0x80, 0x80],
        // Overlong forms.
        [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF],
        // Surrogates.
        [0xED, 0xA0, 0x80], [0xED, 0xAF, 0xBF], [0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF],
        // Beyond U+10FFFF.
        [0xF4, 0x90, 0x80, 0x80], [0xF4, 0xBF, 0xBF, 0xBF], [0xF5, 0x80, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF],
        [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        // Cut by another character.
        [0xC3, 0x28], [0xE2, 0x82, 0x28], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98, 0x28], [0xF0, 0x9F, 0x28, 0x80], [0xF0, 0x28, 0x8C, 0xBC],
        [0xC3, 0xC3, 0xA9], [0xE2, 0x82, 0xE2, 0x82, 0xAC],
    ]

    /// The bytes with plain text around, so that they fall into the fast path and out of it.
    static func surroundings(_ bytes: [UInt8]) -> [[UInt8]] {
        var all: [[UInt8]] = []
        for before in [0, 1, 7, 8, 9] {
            for after in [0, 1, 3, 4, 9] {
                all.append([UInt8](repeating: 0x61, count: before) + bytes + [UInt8](repeating: 0x62, count: after))
            }
        }
        return all
    }

    static func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { UTF8Validator.isValid($0) } }

    /// The same with a piece a byte.
    static func isValidInPieces(_ bytes: [UInt8]) -> Bool {
        var validator = UTF8Validator()
        for byte in bytes {
            guard [byte].withUnsafeBytes({ validator.accept($0) }) else { return false }
        }
        return validator.isComplete
    }

    @Test(arguments: good) func textIsAccepted(bytes: [UInt8]) {
        for bytes in Self.surroundings(bytes) {
            #expect(Self.isValid(bytes))
            #expect(Self.isValidInPieces(bytes))
        }
    }

    @Test(arguments: bad) func whatIsNoTextIsRefused(bytes: [UInt8]) {
        for bytes in Self.surroundings(bytes) {
            #expect(!Self.isValid(bytes))
            #expect(!Self.isValidInPieces(bytes))
        }
    }

    @Test(arguments: good) func aSequenceThatIsCutIsUnfinishedOrWrong(bytes: [UInt8]) {
        for count in 1..<max(1, bytes.count) {
            let cut = Array(bytes.prefix(count))
            var validator = UTF8Validator()
            #expect(cut.withUnsafeBytes { validator.accept($0) })
            #expect(!validator.isComplete)
            #expect(!Self.isValid(cut + [0x61, 0x61, 0x61, 0x61]))
        }
    }

    @Test func everyScalarIsAccepted() {
        var bytes: [UInt8] = []
        for value in stride(from: 0, through: UInt32(0x10FFFF), by: 37) {
            if let scalar = Unicode.Scalar(value) { bytes += Array(String(scalar).utf8) }
        }
        #expect(Self.isValid(bytes))
    }

    @Test func everyPairAndMuchElseIsJudgedAsByTheStandardLibrary() {
        var wrong: [[UInt8]] = []
        for first in UInt8(0x80)...0xFF {
            for second in UInt8.min...UInt8.max {
                for tail in [[], [0x80], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x80, 0x61, 0x61], [0x61, 0x61, 0x61]] as [[UInt8]] {
                    let bytes = [first, second] + tail
                    let expected = String(validating: bytes, as: UTF8.self) != nil
                    if Self.isValid(bytes) != expected || Self.isValidInPieces(bytes) != expected { wrong.append(bytes) }
                }
            }
        }
        #expect(wrong == [])
    }
}
