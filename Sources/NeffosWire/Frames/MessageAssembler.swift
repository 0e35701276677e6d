import NIOCore

/// Puts the fragments of a message together (RFC 6455 section 5.4). The scanner has checked their order and their sum.
///
/// Fragments are copied: a slice of each would keep the whole read alive that it came with.
struct MessageAssembler {
    private var collected: ByteBuffer?
    private var isBinary = false

    /// How many bytes of an unfinished message are held.
    var bytes: Int { collected?.readableBytes ?? 0 }

    /// Takes a fragment and returns the message that it ends, nil if it ends none.
    mutating func take(_ fragment: ByteBuffer, opcode: Opcode, isFinal: Bool) -> WireEvent? {
        if opcode != .continuation { isBinary = opcode == .binary }
        if collected == nil {
            // A new buffer even for an empty fragment: what it starts from must be nobody else's.
            collected = ByteBufferAllocator().buffer(capacity: fragment.readableBytes)
        }
        collected?.writeImmutableBuffer(fragment)
        guard isFinal else { return nil }
        let message = collected ?? ByteBuffer()
        collected = nil
        return .message(message, isBinary: isBinary)
    }
}
