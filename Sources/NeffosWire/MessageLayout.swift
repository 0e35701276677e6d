import NIOCore

/// How long the parts of a message are on the wire, so that it is written in one go behind a header that names its length.
struct MessageLayout {
    fileprivate let namespaceBytes: Int
    fileprivate let roomBytes: Int
    fileprivate let eventBytes: Int
    /// The empty reply leaves its two flags out: `<wait>;;;;;;`.
    fileprivate let isEmptyReply: Bool
    /// The whole message, in bytes.
    let bytes: Int

    /// The layout of `message`. (An initializer would take a copy of it.)
    static func of(_ message: Message) -> MessageLayout {
        let namespaceBytes = FieldEscaping.escapedBytes(of: message.namespace)
        let roomBytes = FieldEscaping.escapedBytes(of: message.room)
        let eventBytes = FieldEscaping.escapedBytes(of: message.event)
        let variable = namespaceBytes + roomBytes + eventBytes + message.body.readableBytes
        let isEmptyReply = variable == 0 && !message.isError && !message.isNoOp
        return MessageLayout(
            namespaceBytes: namespaceBytes, roomBytes: roomBytes, eventBytes: eventBytes, isEmptyReply: isEmptyReply,
            bytes: message.wait.bytes.readableBytes + variable + (isEmptyReply ? 6 : 8))
    }

    /// Writes the message that this is the layout of; `target` has room for ``bytes``.
    func write(_ message: Message, to target: UnsafeMutableRawPointer) {
        let separator = UInt8(ascii: ";")
        var at = target
        at += Self.copy(message.wait.bytes, to: at)
        if isEmptyReply {
            at.initializeMemory(as: UInt8.self, repeating: separator, count: 6)
            return
        }
        at.storeBytes(of: separator, as: UInt8.self)
        at += 1
        FieldEscaping.write(message.namespace, escapedBytes: namespaceBytes, to: at)
        at += namespaceBytes
        at.storeBytes(of: separator, as: UInt8.self)
        at += 1
        FieldEscaping.write(message.room, escapedBytes: roomBytes, to: at)
        at += roomBytes
        at.storeBytes(of: separator, as: UInt8.self)
        at += 1
        FieldEscaping.write(message.event, escapedBytes: eventBytes, to: at)
        at += eventBytes
        at.storeBytes(of: separator, as: UInt8.self)
        at.storeBytes(of: UInt8(ascii: message.isError ? "1" : "0"), toByteOffset: 1, as: UInt8.self)
        at.storeBytes(of: separator, toByteOffset: 2, as: UInt8.self)
        at.storeBytes(of: UInt8(ascii: message.isNoOp ? "1" : "0"), toByteOffset: 3, as: UInt8.self)
        at.storeBytes(of: separator, toByteOffset: 4, as: UInt8.self)
        at += 5
        _ = Self.copy(message.body, to: at)
    }

    /// Copies the readable bytes and returns how many.
    private static func copy(_ buffer: ByteBuffer, to target: UnsafeMutableRawPointer) -> Int {
        if buffer.readableBytes == 0 { return 0 }
        return buffer.withUnsafeReadableBytes { bytes in
            if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
            return bytes.count
        }
    }
}
