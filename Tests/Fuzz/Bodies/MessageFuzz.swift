import NIOCore
import NeffosWire

/// Payloads as messages, and messages as payloads, against a slow reading of protocol section 3.
enum MessageFuzz {
    /// A byte of choices, then a payload; or, where the choice is a message that we make, its fields.
    static func run(_ input: inout FuzzInput) throws {
        let choice = input.byte()
        if choice & 1 == 0 {
            try read(Array(input.rest), isBinary: choice & 2 != 0)
        } else {
            try write(&input, isBinary: choice & 2 != 0)
        }
    }

    // MARK: Payloads

    private static func read(_ bytes: [UInt8], isBinary: Bool) throws {
        // As in a connection, the payload is a slice in the midst of a read.
        var read = ByteBuffer(bytes: [0x24, 0x21] + bytes + [0x3B, 0x3B])
        read.moveReaderIndex(forwardBy: 2)
        let payload = read.readSlice(length: bytes.count) ?? ByteBuffer()
        try ack(payload)
        try token(payload)

        let expected = Fields(bytes)
        let message: Message
        do {
            message = try MessageCodec.parse(payload, isBinary: isBinary)
        } catch {
            try require(expected == nil, "a sound message is refused: \(error)")
            return
        }
        try require(expected == Fields(message) && message.isBinary == isBinary, "\(bytes) is read as \(message)")
        try token(message.wait.bytes)

        let written = try bytesOf(message)
        let again = try MessageCodec.parse(ByteBuffer(bytes: written), isBinary: isBinary)
        try require(again == message, "a message that was read and written reads as \(again)")
        try require(try bytesOf(again) == written, "a message is written in two ways")
        try require(
            try bytesOf(message.reply(ByteBuffer(bytes: bytes))).starts(with: message.wait.bytes.readableBytesView),
            "a reply loses its token")
    }

    /// The payload of a message, as the codec and as the frame layer write it.
    private static func bytesOf(_ message: Message) throws -> [UInt8] {
        var buffer = ByteBuffer(bytes: [1])
        MessageCodec.write(message, into: &buffer)
        buffer.moveReaderIndex(forwardBy: 1)
        let written = Array(buffer.readableBytesView)
        try require(written.count == MessageCodec.length(of: message), "the length of a message is wrong")

        var frame = ByteBuffer()
        FrameSerializer.write(message, mask: 0x0102_0304, into: &frame)
        var parser = FrameParser(role: .server, limits: WireLimits(messageBytes: 0))
        parser.append(frame)
        // A token or body may be any bytes, but in a text frame.
        if message.isBinary || String(validating: written, as: UTF8.self) != nil {
            let event = try parser.next()
            try require(event == .message(ByteBuffer(bytes: written), isBinary: message.isBinary), "a frame holds another message")
        }
        return written
    }

    private static func ack(_ payload: ByteBuffer) throws {
        let first = payload.readableBytesView.first
        guard let ack = AckCodec.parse(payload) else {
            let isMalformed = first != UInt8(ascii: "A") && first != UInt8(ascii: "H")
            return try require(isMalformed && payload != ByteBuffer(string: "M"), "an ack is not seen")
        }
        let written = AckCodec.write(ack)
        try require(AckCodec.parse(written) == ack, "an ack that was written reads otherwise")
        if String(validating: payload.readableBytesView, as: UTF8.self) != nil {
            try require(written == payload, "an ack is written otherwise than it was read")
        }
    }

    private static func token(_ bytes: ByteBuffer) throws {
        let token = WaitToken(bytes: bytes)
        if let number = token.clientNumber { try require(WaitToken(client: number) == token, "two tokens of the client's \(number)") }
        if let number = token.serverNumber { try require(WaitToken(server: number) == token, "two tokens of the server's \(number)") }
        try require(!token.isFromClient || token.serverNumber == nil, "a token is of both sides")
        try require(!token.isFromClient || !token.isConfirmation, "a token has two first characters")
        if let excluded = token.excludedConnection { try require(excluded.utf8.starts(with: "neffos(0x".utf8), "a token excludes nobody") }
        _ = token.isFromExchange
    }

    // MARK: Messages

    private static func write(_ input: inout FuzzInput, isBinary: Bool) throws {
        let flags = input.byte()
        let wait = input.bytes(most: 30).filter { $0 != UInt8(ascii: ";") }
        let message = Message(
            wait: WaitToken(bytes: ByteBuffer(bytes: wait)), namespace: text(&input), room: text(&input), event: text(&input),
            isError: flags & 1 != 0, isNoOp: flags & 2 != 0, isBinary: isBinary, body: ByteBuffer(bytes: input.rest))
        let written = try bytesOf(message)
        let read = try MessageCodec.parse(ByteBuffer(bytes: written), isBinary: isBinary)
        var expected = Fields(message)
        // A field that holds an escaped separator, or the beginning of one before a separator, is no other than one with a separator.
        expected.namespace = Fields.unescaped(Fields.escaped(expected.namespace))
        expected.room = Fields.unescaped(Fields.escaped(expected.room))
        expected.event = Fields.unescaped(Fields.escaped(expected.event))
        try require(Fields(read) == expected, "\(message) is read as \(read)")
    }

    private static func text(_ input: inout FuzzInput) -> String {
        let pieces = ["", ";", "@%!semicolon@%!", "@%!", "semicolon", "é€😀", "\0", "@"]
        switch input.below(4) {
        case 0: return ""
        case 1: return String(decoding: input.bytes(most: 40), as: UTF8.self)
        default:
            return input.pick(pieces) + input.pick(pieces) + String(decoding: input.bytes(most: 10), as: UTF8.self) + input.pick(pieces)
        }
    }
}

/// The seven fields, read with care rather than speed.
private struct Fields: Equatable {
    var wait: [UInt8]
    var namespace: [UInt8]
    var room: [UInt8]
    var event: [UInt8]
    var isError: Bool
    var isNoOp: Bool
    var body: [UInt8]

    /// nil where the payload is no message.
    init?(_ payload: [UInt8]) {
        let parts = payload.split(separator: UInt8(ascii: ";"), maxSplits: 6, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count == 7, parts[1...3].allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else { return nil }
        wait = parts[0]
        namespace = Self.unescaped(parts[1])
        room = Self.unescaped(parts[2])
        event = Self.unescaped(parts[3])
        isError = parts[4] == Array("1".utf8)
        isNoOp = parts[5] == Array("1".utf8)
        body = parts[6]
    }

    init(_ message: Message) {
        wait = Array(message.wait.bytes.readableBytesView)
        namespace = Array(message.namespace.utf8)
        room = Array(message.room.utf8)
        event = Array(message.event.utf8)
        isError = message.isError
        isNoOp = message.isNoOp
        body = Array(message.body.readableBytesView)
    }

    private static let token = Array("@%!semicolon@%!".utf8)

    static func escaped(_ field: [UInt8]) -> [UInt8] { field.flatMap { $0 == UInt8(ascii: ";") ? token : [$0] } }

    static func unescaped(_ field: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var rest = field[...]
        while let byte = rest.first {
            let isToken = rest.starts(with: token)
            plain.append(isToken ? UInt8(ascii: ";") : byte)
            rest = rest.dropFirst(isToken ? token.count : 1)
        }
        return plain
    }
}
