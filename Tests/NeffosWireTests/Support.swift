import NIOCore
import NeffosWire

/// A generator with a seed, so that a failure comes back.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A frame as RFC 6455 section 5.2 draws it, written the slow way and with every field free to be wrong.
struct RawFrame {
    var opcode: UInt8
    var payload: [UInt8] = []
    var fin = true
    var reserved: UInt8 = 0
    var mask: [UInt8]? = [0x11, 0x52, 0xA3, 0xF4]
    /// The bytes of the length, with the seven bits first; nil: the shortest that fits.
    var length: [UInt8]?

    var bytes: [UInt8] {
        var length = self.length ?? []
        if length.isEmpty {
            switch payload.count {
            case 0...125: length = [UInt8(payload.count)]
            case 126...0xFFFF: length = [126] + bigEndian(payload.count, bytes: 2)
            default: length = [127] + bigEndian(payload.count, bytes: 8)
            }
        }
        length[0] |= mask == nil ? 0 : 0x80
        var bytes = [(fin ? 0x80 : 0) | reserved << 4 | opcode] + length
        guard let mask else { return bytes + payload }
        bytes += mask
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index % 4]) }
        return bytes
    }

    static func text(_ text: String, fin: Bool = true) -> RawFrame { RawFrame(opcode: 1, payload: Array(text.utf8), fin: fin) }
    static func binary(_ payload: [UInt8], fin: Bool = true) -> RawFrame { RawFrame(opcode: 2, payload: payload, fin: fin) }
    static func more(_ payload: [UInt8], fin: Bool) -> RawFrame { RawFrame(opcode: 0, payload: payload, fin: fin) }
    static func ping(_ payload: [UInt8] = []) -> RawFrame { RawFrame(opcode: 9, payload: payload) }
    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> RawFrame {
        RawFrame(opcode: 8, payload: bigEndian(Int(code), bytes: 2) + reason)
    }
}

func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
}

/// All that a parser made of some bytes.
struct Outcome: Equatable {
    var events: [WireEvent] = []
    var error: WireError?
}

/// Feeds the pieces one after the other and takes all events after each.
func parse(_ pieces: [[UInt8]], role: PeerRole = .server, limit: Int = 1 << 20) -> Outcome {
    var parser = FrameParser(role: role, limits: WireLimits(messageBytes: limit))
    var outcome = Outcome()
    do {
        for piece in pieces {
            parser.append(ByteBuffer(bytes: piece))
            while let event = try parser.next() { outcome.events.append(event) }
        }
    } catch {
        outcome.error = error
    }
    return outcome
}

func parse(_ frames: RawFrame..., role: PeerRole = .server, limit: Int = 1 << 20) -> Outcome {
    parse([frames.flatMap(\.bytes)], role: role, limit: limit)
}

func text(_ string: String) -> WireEvent { .message(ByteBuffer(string: string), isBinary: false) }
func binary(_ bytes: [UInt8]) -> WireEvent { .message(ByteBuffer(bytes: bytes), isBinary: true) }

extension ByteBuffer {
    var array: [UInt8] { Array(readableBytesView) }
}
