import NIOCore
import NeffosWire
import Testing

@Suite struct FrameRulesTests {
    @Test func aTextAndABinaryFrameAreMessages() {
        #expect(parse(.text("hello"), .binary([0, 255])) == Outcome(events: [text("hello"), binary([0, 255])]))
    }

    @Test func anEmptyFrameIsAnEmptyMessage() {
        #expect(parse(.text(""), .binary([])) == Outcome(events: [text(""), binary([])]))
    }

    @Test(arguments: [0, 1, 125, 126, 127, 0xFFFF, 0x10000, 0x10001]) func eachLengthEncodingIsRead(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(parse(.binary(payload)) == Outcome(events: [binary(payload)]))
    }

    @Test func aControlFrameMayHold125Bytes() {
        let payload = [UInt8](repeating: 9, count: 125)
        #expect(
            parse(.ping(payload), RawFrame(opcode: 10, payload: payload))
                == Outcome(events: [.ping(ByteBuffer(bytes: payload)), .pong(ByteBuffer(bytes: payload))]))
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var frame: RawFrame
        var kind: String
        var code = CloseCode.protocolError
        var role = PeerRole.server
        var testDescription: String { "\(kind) \(frame.bytes.prefix(14))" }
    }

    static let broken: [Broken] =
        (1...7).map { Broken(frame: RawFrame(opcode: 1, reserved: $0), kind: "reserved-bits") }
        + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { Broken(frame: RawFrame(opcode: $0), kind: "opcode") }
        + [8, 9, 10].map { Broken(frame: RawFrame(opcode: $0, fin: false), kind: "control-fragmented") }
        + [8, 9, 10].map { Broken(frame: RawFrame(opcode: $0, payload: .init(repeating: 1, count: 126)), kind: "control-too-long") }
        + [
            Broken(frame: RawFrame(opcode: 9, length: [127, 0, 0, 0, 0, 0, 0, 0, 1]), kind: "control-too-long"),
            Broken(frame: RawFrame(opcode: 1, mask: nil), kind: "unmasked"),
            Broken(frame: RawFrame(opcode: 9, mask: nil), kind: "unmasked"),
            Broken(frame: RawFrame(opcode: 1), kind: "masked", role: .client),
            Broken(frame: RawFrame(opcode: 2, mask: [0, 0, 0, 0]), kind: "masked", role: .client),
            Broken(frame: .more([1], fin: true), kind: "continuation"),
            Broken(frame: .more([1], fin: false), kind: "continuation"),
            Broken(frame: RawFrame(opcode: 2, length: [126, 0, 125]), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [126, 0, 0]), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [127, 0, 0, 0, 0, 0, 0, 0, 1]), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [127, 0x80, 0, 0, 0, 0, 0, 0, 0]), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [127] + .init(repeating: 0xFF, count: 8)), kind: "length"),
            Broken(frame: RawFrame(opcode: 2, length: [127, 0x7F] + .init(repeating: 0xFF, count: 7)), kind: "too-big", code: .tooBig),
            Broken(frame: RawFrame(opcode: 8, payload: [3]), kind: "close-payload"),
            Broken(frame: RawFrame(opcode: 1, payload: [0xFF]), kind: "utf8", code: .invalidPayload),
            Broken(frame: RawFrame(opcode: 8, payload: [3, 0xE8, 0xC0]), kind: "utf8", code: .invalidPayload),
        ]

    @Test(arguments: broken) func aFrameAgainstTheRulesIsRefused(broken: Broken) {
        let error = parse(broken.frame, role: broken.role).error
        #expect(error?.kind == broken.kind)
        #expect(error?.closeCode == broken.code)
        #expect(error?.detail.hasSuffix(".") == true)
    }

    @Test(arguments: broken) func whatCameBeforeABrokenFrameIsStillHandedOut(broken: Broken) {
        var before = RawFrame.text("before")
        if broken.role == .client { before.mask = nil }
        let outcome = parse([before.bytes + broken.frame.bytes], role: broken.role)
        #expect(outcome.events == [text("before")])
        #expect(outcome.error?.kind == broken.kind)
    }

    @Test func aNewMessageInsideAnotherIsRefused() {
        #expect(parse(.text("a", fin: false), .text("b")).error?.kind == "continuation")
        #expect(parse(.text("a", fin: false), .binary([1], fin: false)).error?.kind == "continuation")
    }

    @Test func aClientReadsUnmaskedFrames() {
        var frame = RawFrame.text("from the server")
        frame.mask = nil
        #expect(parse(frame, role: .client) == Outcome(events: [text("from the server")]))
    }

    @Test func aBadHeadIsRefusedAfterTwoBytes() {
        #expect(parse([[0xC1, 0x80]]).error?.kind == "reserved-bits")
        #expect(parse([[0x81, 0x7E]]).error?.kind == "unmasked")
        #expect(parse([[0x89, 0xFE]]).error?.kind == "control-too-long")
    }

    @Test func afterAnErrorThereIsNothing() throws {
        var parser = FrameParser(role: .server, limits: WireLimits(messageBytes: 100))
        parser.append(ByteBuffer(bytes: RawFrame(opcode: 3).bytes + RawFrame.text("x").bytes))
        #expect(throws: WireError.self) { try parser.next() }
        #expect(try parser.next() == nil)
        parser.append(ByteBuffer(bytes: RawFrame.text("x").bytes))
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 0)
    }

    @Test func afterACloseThereIsNothing() throws {
        var parser = FrameParser(role: .server, limits: WireLimits(messageBytes: 100))
        parser.append(ByteBuffer(bytes: RawFrame.close(1000).bytes + RawFrame.text("x").bytes + RawFrame(opcode: 3).bytes))
        #expect(try parser.next() == .close(.normal, reason: ""))
        #expect(try parser.next() == nil)
        parser.append(ByteBuffer(bytes: RawFrame.text("x").bytes))
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 0)
    }
}
