package import NIOCore

/// The bytes of a message, `wait;namespace;room;event;isError;isNoOp;body` (protocol section 3).
package enum MessageCodec {
    /// The message that the payload of a text or binary frame holds. Wait token and body are slices of it.
    ///
    /// - Throws: `invalid-payload` for fewer than seven fields, or a namespace, room or event that is no UTF-8.
    package static func parse(_ payload: ByteBuffer, isBinary: Bool) throws(WireError) -> Message {
        let fields: MessageFields
        do {
            fields = try payload.withUnsafeReadableBytes { bytes throws(MessageFields.Fault) in try MessageFields(bytes) }
        } catch {
            throw WireError.invalidMessage(error.detail)
        }
        let start = payload.readerIndex
        guard
            let wait = payload.getSlice(at: start, length: fields.waitBytes),
            let body = payload.getSlice(at: start + fields.bodyOffset, length: payload.readableBytes - fields.bodyOffset)
        else { throw WireError.invalidMessage(MessageFields.Fault.tooFew.detail) }
        return Message(
            wait: WaitToken(bytes: wait), namespace: fields.namespace, room: fields.room, event: fields.event,
            isError: fields.isError, isNoOp: fields.isNoOp, isBinary: isBinary, body: body)
    }

    /// Appends the message to `out`.
    package static func write(_ message: Message, into out: inout ByteBuffer) {
        let layout = MessageLayout.of(message)
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: layout.bytes) { target in
            if let base = target.baseAddress { layout.write(message, to: base) }
            return layout.bytes
        }
    }

    /// How many bytes ``write(_:into:)`` appends.
    package static func length(of message: Message) -> Int { MessageLayout.of(message).bytes }
}
