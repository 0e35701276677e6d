/// The head of a frame, two to fourteen bytes (RFC 6455 section 5.2).
struct FrameHeader {
    /// The most payload bytes of a control frame.
    static let controlBytes = 125

    let first: UInt8
    let second: UInt8
    /// The head's own length in bytes.
    let bytes: Int
    /// The payload's length as it stands there, badly encoded perhaps.
    let payloadLength: UInt64
    /// The masking key as it lies in memory, 0 if there is none.
    let key: UInt32

    /// The head at the start of `frame`, nil if it is not all there. Nothing is checked.
    init?(_ frame: UnsafeRawBufferPointer) {
        guard frame.count >= 2, let base = frame.baseAddress else { return nil }
        let first = base.load(as: UInt8.self)
        let second = base.load(fromByteOffset: 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        let short = second & 0x7F
        let lengthEnd = short < 126 ? 2 : short == 126 ? 4 : 10
        let end = isMasked ? lengthEnd + 4 : lengthEnd
        guard frame.count >= end else { return nil }
        self.first = first
        self.second = second
        self.bytes = end
        switch short {
        case 126: payloadLength = UInt64(UInt16(bigEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        case 127: payloadLength = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
        default: payloadLength = UInt64(short)
        }
        key = isMasked ? base.loadUnaligned(fromByteOffset: lengthEnd, as: UInt32.self) : 0
    }

    var isFinal: Bool { first & 0x80 != 0 }
    /// nil if it is a reserved one.
    var opcode: Opcode? { Opcode(rawValue: first & 0xF) }

    /// The rule that a frame's first two bytes break, so that a bad frame is refused before more of it is awaited.
    static func violation(first: UInt8, second: UInt8, role: PeerRole) -> FrameViolation? {
        if first & 0x70 != 0 { return .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0xF) else { return .opcode }
        if opcode.isControl && first & 0x80 == 0 { return .controlFragmented }
        switch role {
        case .server: if second & 0x80 == 0 { return .unmasked }
        case .client: if second & 0x80 != 0 { return .masked }
        }
        if opcode.isControl && second & 0x7F > controlBytes { return .controlTooLong }
        return nil
    }

    /// Whether the length takes no more bytes than it needs and has its high bit clear.
    var isLengthWellEncoded: Bool {
        switch second & 0x7F {
        case 126: payloadLength > 125
        case 127: payloadLength > 0xFFFF && payloadLength <= UInt64(Int64.max)
        default: true
        }
    }
}
