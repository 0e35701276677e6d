import NIOCore
import NeffosWire
import Testing

@Suite struct AckCodecTests {
    @Test(arguments: [AckCodec.Ack.request, .accepted(id: "2178e0a1"), .accepted(id: ""), .refused("not you; no"), .refused("")])
    func whatIsWrittenIsRead(ack: AckCodec.Ack) {
        #expect(AckCodec.parse(AckCodec.write(ack)) == ack)
    }

    @Test func theFirstByteSaysWhich() {
        #expect(AckCodec.write(.request) == ByteBuffer(string: "M"))
        #expect(AckCodec.write(.accepted(id: "id")) == ByteBuffer(string: "Aid"))
        #expect(AckCodec.write(.refused("why")) == ByteBuffer(string: "Hwhy"))
    }

    @Test(arguments: ["", "MM", "M ", "m", "a", "h", ";;;;;;", "$1;n;;e;0;0;"]) func anythingElseIsNoAck(payload: String) {
        #expect(AckCodec.parse(ByteBuffer(string: payload)) == nil)
    }
}
