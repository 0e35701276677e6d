import NIOCore
import NeffosWire
import Testing

@Suite struct FragmentationTests {
    @Test func fragmentsAreOneMessage() {
        #expect(
            parse(.text("one ", fin: false), .more(Array("two ".utf8), fin: false), .more(Array("three".utf8), fin: true), .text("next"))
                == Outcome(events: [text("one two three"), text("next")]))
    }

    @Test func aBinaryMessageStaysBinary() {
        #expect(parse(.binary([1], fin: false), .more([0xFF], fin: true)) == Outcome(events: [binary([1, 0xFF])]))
    }

    @Test func controlFramesMayComeBetweenFragments() {
        #expect(
            parse(.text("a", fin: false), .ping([1]), .more([0x62], fin: false), RawFrame(opcode: 10), .more([0x63], fin: true))
                == Outcome(events: [.ping(ByteBuffer(bytes: [1])), .pong(ByteBuffer()), text("abc")]))
    }

    @Test func emptyFragmentsAreAllowed() {
        #expect(
            parse(.text("", fin: false), .more([], fin: false), .more([0x61], fin: false), .more([], fin: true))
                == Outcome(events: [text("a")]))
        #expect(parse(.binary([], fin: false), .more([], fin: true)) == Outcome(events: [binary([])]))
    }

    @Test func aCharacterMayBeCutByFragments() {
        let euro = Array("€".utf8)
        #expect(
            parse(
                .init(opcode: 1, payload: [euro[0]], fin: false), .more([euro[1]], fin: false), .ping([0xFF]), .more([euro[2]], fin: true))
                == Outcome(events: [.ping(ByteBuffer(bytes: [0xFF])), text("€")]))
    }

    @Test func badTextFailsAtItsOwnFragment() {
        #expect(parse(.init(opcode: 1, payload: [0x61, 0xC3, 0x28], fin: false)).error?.kind == "utf8")
    }

    @Test func badTextFailsBeforeItsFrameIsThere() {
        let frame = RawFrame(opcode: 1, payload: [0x61, 0x62, 0xED, 0xA0, 0x80] + [UInt8](repeating: 0x61, count: 60)).bytes
        #expect(parse([Array(frame[..<9])]).error == nil)
        #expect(parse([Array(frame[..<10])]).error?.kind == "utf8")
        #expect(parse(frame[..<10].map { [$0] }).error?.kind == "utf8")
    }

    @Test func aMessageThatEndsInsideACharacterIsRefused() {
        #expect(parse(.init(opcode: 1, payload: [0x61, 0xC3])).error?.kind == "utf8")
        #expect(parse(.init(opcode: 1, payload: [0xC3], fin: false), .more([], fin: true)).error?.kind == "utf8")
    }

    @Test func theLimitIsOnTheWholeMessage() {
        #expect(parse(.binary([1, 2, 3, 4], fin: false), .more([5, 6], fin: true), limit: 6).events == [binary([1, 2, 3, 4, 5, 6])])
        let outcome = parse(.binary([1, 2, 3, 4], fin: false), .ping([9]), .more([5, 6], fin: false), .more([7], fin: true), limit: 6)
        #expect(outcome.events == [.ping(ByteBuffer(bytes: [9]))])
        #expect(outcome.error?.closeCode == .tooBig)
        #expect(outcome.error?.kind == "too-big")
    }

    @Test func theLimitStartsAnewWithEachMessage() {
        #expect(
            parse(.binary([1, 2], fin: false), .more([3], fin: true), .binary([4, 5, 6]), limit: 3).events
                == [binary([1, 2, 3]), binary([4, 5, 6])])
    }

    @Test func aHeadThatAnnouncesTooMuchIsRefusedAtOnce() {
        let head = RawFrame(opcode: 2, length: [127, 0, 0, 0, 0, 0, 1, 0, 0]).bytes
        #expect(parse([head], limit: 0xFFFF).error?.closeCode == .tooBig)
        #expect(parse([head], limit: 0x10000) == Outcome())
    }

    @Test func withoutABoundTheCeilingHolds() {
        let head = RawFrame(opcode: 2, length: [127] + bigEndian(WireLimits.ceiling + 1, bytes: 8)).bytes
        #expect(parse([head], limit: 0).error?.closeCode == .tooBig)
        #expect(parse([RawFrame(opcode: 2, length: [127] + bigEndian(WireLimits.ceiling, bytes: 8)).bytes], limit: 0) == Outcome())
    }

    @Test func controlFramesDoNotCountAgainstTheLimit() {
        #expect(parse(.ping([1, 2, 3, 4]), .binary([1]), limit: 1).events.count == 2)
    }
}
