package import NIOCore

/// Turns the bytes of a connection into messages and control frames (RFC 6455 section 5), where they lie.
///
/// Two passes. When bytes have come, ``FrameScanner`` checks and unmasks all of them; then ``next()`` hands the whole frames out one by
/// one, as slices. Slices and later frames never meet: what is left of a read is copied, if it is anything, before more is added to it.
package struct FrameParser: Sendable {
    /// nil when nothing is left over, so that an idle connection holds no buffer.
    private var bytes: ByteBuffer?
    private var scanner: FrameScanner
    private var assembler = MessageAssembler()
    private let role: PeerRole
    private var isScanned = true
    private var isFinished = false

    package init(role: PeerRole, limits: WireLimits) {
        self.role = role
        self.scanner = FrameScanner(role: role, limits: limits)
    }

    /// How many bytes of frames and messages that are not whole, or not taken yet, are held.
    package var bufferedBytes: Int { (bytes?.readableBytes ?? 0) + assembler.bytes }

    /// Takes the channel's bytes. With nothing left over from before the buffer itself is kept, else they are appended.
    ///
    /// If others hold the same buffer, the readable part of it is copied once, when it is unmasked.
    package mutating func append(_ bytes: consuming ByteBuffer) {
        guard !isFinished, bytes.readableBytes > 0 else { return }
        isScanned = false
        if self.bytes == nil {
            // A slice, because a copy for others' sake is as large as the slice, and a receive buffer is mostly empty.
            self.bytes = bytes.slice()
        } else {
            keepLeftover()
            self.bytes?.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole message or control frame, unmasked; nil: more bytes are needed.
    ///
    /// Messages and control frames before a violation come first, then it is thrown, once. After that, and after a close, all is nil.
    ///
    /// - Throws: what the peer did wrong, with the code to close with.
    package mutating func next() throws(WireError) -> WireEvent? {
        if isFinished { return nil }
        if !isScanned { scan() }
        while scanner.readyBytes > 0 {
            guard let event = takeFrame() else { continue }
            return event
        }
        if let violation = scanner.violation {
            finish()
            throw WireError(violation)
        }
        keepLeftover()
        return nil
    }

    private mutating func scan() {
        isScanned = true
        switch role {
        case .server:
            bytes?.withUnsafeMutableReadableBytes { scanner.scan($0) }
        case .client:
            // Frames to a client are not masked, and the scanner refuses one that is, so nothing is written.
            bytes?.withUnsafeReadableBytes { scanner.scan(UnsafeMutableRawBufferPointer(mutating: $0)) }
        }
    }

    /// Takes the frame at the start, which is whole and sound; nil if it is a fragment that ends no message.
    private mutating func takeFrame() -> WireEvent? {
        guard
            let header = bytes?.withUnsafeReadableBytes({ FrameHeader($0) }), let opcode = header.opcode,
            let payload = takePayload(header)
        else {
            finish()
            return nil
        }
        switch opcode {
        case .text where header.isFinal: return .message(payload, isBinary: false)
        case .binary where header.isFinal: return .message(payload, isBinary: true)
        case .text, .binary, .continuation: return assembler.take(payload, opcode: opcode, isFinal: header.isFinal)
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close:
            finish()
            var payload = payload
            let code = payload.readInteger(as: UInt16.self).map { CloseCode(rawValue: $0) }
            return .close(code, reason: String(buffer: payload))
        }
    }

    private mutating func takePayload(_ header: FrameHeader) -> ByteBuffer? {
        let length = Int(truncatingIfNeeded: header.payloadLength)
        scanner.consume(header.bytes + length)
        bytes?.moveReaderIndex(forwardBy: header.bytes)
        let payload = bytes?.readSlice(length: length)
        // The last slice is then the only owner of the read.
        if bytes?.readableBytes == 0 { bytes = nil }
        return payload
    }

    /// Moves an unfinished frame to a buffer of its own, unless it has one: it must not keep a large read alive, nor share with slices.
    private mutating func keepLeftover() {
        guard let left = bytes else { return }
        let count = left.readableBytes
        guard left.readerIndex > 0 || left.storageCapacity > 4 * count + 64 else { return }
        var own = ByteBufferAllocator().buffer(capacity: count)
        own.writeImmutableBuffer(left)
        bytes = own
    }

    private mutating func finish() {
        isFinished = true
        bytes = nil
        assembler = MessageAssembler()
    }
}
