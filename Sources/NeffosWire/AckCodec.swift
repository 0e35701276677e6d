package import NIOCore

/// The texts that open a conversation, before any message (protocol section 2).
package enum AckCodec {
    package enum Ack: Hashable, Sendable {
        /// The client asks to begin: `M`.
        case request
        /// The server lets it in, under this id: `A` and the id.
        case accepted(id: String)
        /// The server does not, with this error text: `H` and the text.
        case refused(String)
    }

    /// The ack that a payload holds; nil if it holds none. Bytes that are no UTF-8 become U+FFFD.
    package static func parse(_ payload: ByteBuffer) -> Ack? {
        var rest = payload
        switch rest.readInteger(as: UInt8.self) {
        case UInt8(ascii: "M"): return rest.readableBytes == 0 ? .request : nil
        case UInt8(ascii: "A"): return .accepted(id: String(buffer: rest))
        case UInt8(ascii: "H"): return .refused(String(buffer: rest))
        default: return nil
        }
    }

    /// The payload of a text frame that holds `ack`.
    package static func write(_ ack: Ack) -> ByteBuffer {
        switch ack {
        case .request: ByteBuffer(string: "M")
        case .accepted(let id): ByteBuffer(string: "A" + id)
        case .refused(let text): ByteBuffer(string: "H" + text)
        }
    }
}
