/// The masking of a client's frames (RFC 6455 section 5.3); to mask twice is to unmask.
enum Masking {
    /// Masks `bytes` where they lie, thirty-two or eight at a time.
    ///
    /// - Parameters:
    ///   - key: the key as it lies in memory.
    ///   - offset: how many bytes of the payload come before these.
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int) {
        guard let base = bytes.baseAddress else { return }
        let count = bytes.count
        // The key turned so that its first byte in memory is the one for bytes[0].
        let turn = UInt32(truncatingIfNeeded: offset & 3) &* 8
        let little = UInt32(littleEndian: key)
        let turned = turn == 0 ? little : (little &>> turn) | (little &<< (32 &- turn))
        let word = (UInt64(turned) | UInt64(turned) &<< 32).littleEndian
        var at = 0
        let wide = SIMD4<UInt64>(repeating: word)
        while at &+ 32 <= count {
            let masked = base.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self) ^ wide
            base.storeBytes(of: masked, toByteOffset: at, as: SIMD4<UInt64>.self)
            at &+= 32
        }
        while at &+ 8 <= count {
            base.storeBytes(of: base.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ word, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        var rest = UInt64(littleEndian: word)
        while at < count {
            let byte = base.load(fromByteOffset: at, as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
            base.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
            rest &>>= 8
            at &+= 1
        }
    }
}
