import NIOCore
import Testing

@testable import NeffosWire

@Suite struct MaskingTests {
    static let key: [UInt8] = [0x01, 0x23, 0x45, 0x67]
    static var keyInMemory: UInt32 { key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) } }

    @Test(arguments: 0...40) func eachByteMeetsItsOwnPartOfTheKey(count: Int) {
        for alignment in 0..<8 {
            for offset in 0..<9 {
                var bytes = [UInt8](repeating: 0xAA, count: alignment + count + 3)
                bytes.withUnsafeMutableBytes { bytes in
                    let masked = UnsafeMutableRawBufferPointer(rebasing: bytes[alignment..<(alignment + count)])
                    Masking.apply(Self.keyInMemory, to: masked, offset: offset)
                }
                let expected = (0..<count).map { 0xAA ^ Self.key[($0 + offset) % 4] }
                #expect(bytes == [UInt8](repeating: 0xAA, count: alignment) + expected + [0xAA, 0xAA, 0xAA])
            }
        }
    }

    @Test(arguments: 0...40) func whatIsMaskedInOnePieceIsUnmaskedInTwo(count: Int) {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 11) }
        for cut in 0...count {
            var bytes = plain
            bytes.withUnsafeMutableBytes { bytes in
                Masking.apply(Self.keyInMemory, to: bytes, offset: 0)
                Masking.apply(Self.keyInMemory, to: UnsafeMutableRawBufferPointer(rebasing: bytes[..<cut]), offset: 0)
                Masking.apply(Self.keyInMemory, to: UnsafeMutableRawBufferPointer(rebasing: bytes[cut...]), offset: cut)
            }
            #expect(bytes == plain)
        }
    }
}
