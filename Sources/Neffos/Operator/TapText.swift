import NIOCore
import NeffosFeed
import NeffosWire

/// A tapped message as the feed has it, bounded whatever the client sent.
enum TapText {
    static let mostBodyBytes = 4096
    /// Of a namespace, a room and an event: longer than any that means something.
    static let mostNameBytes = 1024

    static func message(
        _ payload: ByteBuffer, isBinary: Bool, connection: String, direction: FeedEvent.Direction, skipped: Int
    ) -> FeedEvent.TappedMessage {
        guard let message = try? MessageCodec.parse(payload, isBinary: isBinary) else {
            return self.message(
                Message(event: SystemEventName.nativeMessage, body: payload), bytes: payload.readableBytes, connection: connection,
                direction: direction, skipped: skipped)
        }
        return self.message(message, bytes: payload.readableBytes, connection: connection, direction: direction, skipped: skipped)
    }

    static func message(
        _ message: Message, bytes: Int, connection: String, direction: FeedEvent.Direction, skipped: Int
    ) -> FeedEvent.TappedMessage {
        FeedEvent.TappedMessage(
            connection: connection, direction: direction, namespace: OperatorText.cut(message.namespace, to: mostNameBytes),
            room: OperatorText.cut(message.room, to: mostNameBytes), event: OperatorText.cut(message.event, to: mostNameBytes),
            bytes: bytes,
            body: body(message.body), skipped: skipped)
    }

    /// The beginning of a body: text where it is UTF-8, else hexadecimal digits.
    static func body(_ body: ByteBuffer) -> String {
        let bytes = body.readableBytesView.prefix(mostBodyBytes)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // The cut may have gone through a character, of at most four bytes.
        if body.readableBytes > mostBodyBytes {
            for left in 1...3 {
                if let text = String(validating: bytes.dropLast(left), as: UTF8.self) { return text }
            }
        }
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(mostBodyBytes)
        for byte in bytes.prefix(mostBodyBytes / 2) {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: hex, as: UTF8.self)
    }

    /// The payload of a frame that we have made for many: unmasked and whole.
    static func payload(of frame: ByteBuffer) -> (payload: ByteBuffer, isBinary: Bool)? {
        guard let first = frame.getInteger(at: frame.readerIndex, as: UInt8.self),
            let second = frame.getInteger(at: frame.readerIndex + 1, as: UInt8.self)
        else { return nil }
        let head =
            switch second & 0x7F {
            case 126: 4
            case 127: 10
            default: 2
            }
        guard frame.readableBytes >= head, let payload = frame.getSlice(at: frame.readerIndex + head, length: frame.readableBytes - head)
        else { return nil }
        return (payload, first & 0xF == Opcode.binary.rawValue)
    }
}
