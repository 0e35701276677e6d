import NIOCore
import NeffosWire
import Testing

@Suite struct FrameSerializerTests {
    static let mask: UInt32 = 0x1152_A3F4

    @Test(arguments: [0, 1, 7, 8, 9, 124, 125, 126, 127, 0xFFFF, 0x10000]) func aFrameIsAsTheStandardDrawsIt(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        for opcode in [Opcode.text, .binary, .continuation] {
            for fin in [true, false] {
                var out = ByteBuffer(string: "before")
                FrameSerializer.write(opcode: opcode, fin: fin, payload: ByteBuffer(bytes: payload), mask: nil, into: &out)
                FrameSerializer.write(opcode: opcode, fin: fin, payload: ByteBuffer(bytes: payload), mask: Self.mask, into: &out)
                var frame = RawFrame(opcode: opcode.rawValue, payload: payload, fin: fin)
                let masked = frame.bytes
                frame.mask = nil
                #expect(out.array == Array("before".utf8) + frame.bytes + masked)
            }
        }
    }

    @Test func textIsOneWholeTextFrame() {
        var out = ByteBuffer()
        FrameSerializer.writeText(ByteBuffer(string: "M"), mask: nil, into: &out)
        #expect(out.array == [0x81, 1, 0x4D])
    }

    @Test(arguments: [nil, mask]) func aMessageGoesOutInOneFrame(mask: UInt32?) {
        for count in [0, 40, 100, 108, 109, 110, 0xFFF0, 0xFFFF, 0x20000] {
            for isBinary in [false, true] {
                let message = Message(
                    wait: WaitToken(client: 7), namespace: "name;space", room: "lobby", event: "echo", isBinary: isBinary,
                    body: ByteBuffer(repeating: 0x61, count: count))
                var out = ByteBuffer()
                FrameSerializer.write(message, mask: mask, into: &out)
                var payload = ByteBuffer()
                MessageCodec.write(message, into: &payload)
                #expect(
                    parse([out.array], role: mask == nil ? .client : .server).events == [.message(payload, isBinary: isBinary)])
            }
        }
    }

    @Test func framesFollowOneAnotherInTheSameBuffer() throws {
        var out = ByteBuffer()
        for index in 0..<100 {
            FrameSerializer.write(Message(event: "e\(index)", body: ByteBuffer(string: "body")), mask: nil, into: &out)
        }
        let events = parse([out.array], role: .client).events
        #expect(events == (0..<100).map { text(";;;e\($0);0;0;body") })
    }
}
