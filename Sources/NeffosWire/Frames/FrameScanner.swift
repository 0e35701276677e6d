/// The first of the parser's two passes: checks and unmasks what has come, where it lies.
///
/// It runs over all frames of a read at once, while nobody else holds the bytes. Frame by frame, the slices already handed out would make
/// each next frame's unmasking copy the whole read. A frame that is not all there is unmasked and checked as far as it goes, so that bad
/// text fails at once and no byte is touched twice.
struct FrameScanner {
    /// How many bytes of whole, sound frames lie at the start.
    private(set) var readyBytes = 0
    /// What is wrong with the frame behind them.
    private(set) var violation: FrameViolation?

    private let role: PeerRole
    private let messageBytes: Int
    /// The kind of the unfinished message, nil between messages.
    private var kind: Opcode?
    /// The payload bytes of its fragments so far.
    private var collectedBytes = 0
    private var text = UTF8Validator()
    /// How many payload bytes of the frame that is not all there are done.
    private var doneBytes = 0
    private var isClosed = false

    init(role: PeerRole, limits: WireLimits) {
        self.role = role
        self.messageBytes = limits.effectiveMessageBytes
    }

    /// A whole frame was taken from the start.
    mutating func consume(_ bytes: Int) { readyBytes &-= bytes }

    /// Goes over `bytes`, which start with the ready ones. Nothing is written to them unless they are masked.
    mutating func scan(_ bytes: UnsafeMutableRawBufferPointer) {
        while violation == nil, !isClosed {
            let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[readyBytes...])
            guard frame.count >= 2 else { return }
            violation = FrameHeader.violation(first: frame[0], second: frame[1], role: role)
            guard violation == nil, let header = FrameHeader(UnsafeRawBufferPointer(frame)), let opcode = header.opcode else { return }
            violation = check(header, opcode)
            guard violation == nil else { return }

            // The check against the limit makes it fit.
            let length = Int(truncatingIfNeeded: header.payloadLength)
            let here = min(length, frame.count &- header.bytes)
            let fresh = UnsafeMutableRawBufferPointer(rebasing: frame[(header.bytes &+ doneBytes)..<(header.bytes &+ here)])
            if header.key != 0 { Masking.apply(header.key, to: fresh, offset: doneBytes) }
            if !opcode.isControl, opcode == .text || kind == .text, !text.accept(UnsafeRawBufferPointer(fresh)) {
                violation = .utf8
                return
            }
            doneBytes = here
            guard here == length else { return }

            let payload = UnsafeRawBufferPointer(rebasing: frame[header.bytes..<(header.bytes &+ length)])
            violation = finish(opcode, isFinal: header.isFinal, payload: payload)
            guard violation == nil else { return }
            doneBytes = 0
            readyBytes &+= header.bytes &+ length
        }
    }

    /// The rule that a head breaks, given what came before it.
    private func check(_ header: FrameHeader, _ opcode: Opcode) -> FrameViolation? {
        guard header.isLengthWellEncoded else { return .length }
        if opcode.isControl { return nil }
        guard (opcode == .continuation) == (kind != nil) else { return .continuation }
        return header.payloadLength > UInt64(messageBytes &- collectedBytes) ? .tooBig : nil
    }

    /// Takes note of a whole frame, and returns the rule that it breaks as a whole.
    private mutating func finish(_ opcode: Opcode, isFinal: Bool, payload: UnsafeRawBufferPointer) -> FrameViolation? {
        switch opcode {
        case .ping, .pong:
            return nil
        case .close:
            isClosed = true
            return Self.closeViolation(payload)
        case .text, .binary, .continuation:
            let kind = self.kind ?? opcode
            guard isFinal else {
                self.kind = kind
                collectedBytes &+= payload.count
                return nil
            }
            self.kind = nil
            collectedBytes = 0
            return kind == .text && !text.isComplete ? .utf8 : nil
        }
    }

    private static func closeViolation(_ payload: UnsafeRawBufferPointer) -> FrameViolation? {
        if payload.isEmpty { return nil }
        guard payload.count >= 2 else { return .closePayload }
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isValidOnWire else { return .closeCode }
        return UTF8Validator.isValid(UnsafeRawBufferPointer(rebasing: payload[2...])) ? nil : .utf8
    }
}
