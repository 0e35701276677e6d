import NIOCore
import NeffosWire
import Testing

@Suite struct CloseTests {
    @Test func onlyCodesThatMayBeSentAreAccepted() {
        let allowed = Set<UInt16>([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]).union(3000...4999)
        for code in UInt16.min...UInt16.max
        where code < 1100 || code % 7 == 0 || (2990...3010).contains(code) || (4990...5010).contains(code) {
            let outcome = parse(.close(code))
            if allowed.contains(code) {
                #expect(outcome == Outcome(events: [.close(CloseCode(rawValue: code), reason: "")]))
            } else {
                #expect(outcome.error?.kind == "close-code", "\(code)")
                #expect(outcome.error?.closeCode == .protocolError)
            }
            #expect(CloseCode(rawValue: code).isValidOnWire == allowed.contains(code))
        }
    }

    @Test func aCloseWithoutAPayloadHasNoCode() {
        #expect(parse(RawFrame(opcode: 8)) == Outcome(events: [.close(nil, reason: "")]))
    }

    @Test func aReasonIsRead() {
        #expect(parse(.close(1001, Array("a\u{301}dieu".utf8))) == Outcome(events: [.close(.goingAway, reason: "a\u{301}dieu")]))
    }

    @Test func aReasonCutInsideACharacterIsRefused() {
        #expect(parse(.close(1000, [0x61, 0xE2, 0x82])).error?.kind == "utf8")
    }

    @Test func aCloseBetweenFragmentsEndsAll() {
        #expect(parse(.text("a", fin: false), .close(1000), .more([1], fin: true)) == Outcome(events: [.close(.normal, reason: "")]))
    }

    @Test(arguments: [nil, 0xDEAD_BEEF as UInt32]) func whatIsWrittenIsRead(mask: UInt32?) {
        var out = ByteBuffer()
        FrameSerializer.writeClose(.overloaded, reason: "too slow", mask: mask, into: &out)
        #expect(parse([out.array], role: mask == nil ? .client : .server).events == [.close(.overloaded, reason: "too slow")])
    }

    @Test(arguments: [nil, .noStatus, .abnormal, CloseCode(rawValue: 1015), CloseCode(rawValue: 0)] as [CloseCode?])
    func aCodeThatMayNotBeSentIsLeftOut(code: CloseCode?) {
        var out = ByteBuffer()
        FrameSerializer.writeClose(code, reason: "reason", mask: nil, into: &out)
        #expect(out.array == [0x88, 0])
    }

    @Test(arguments: ["a", "é", "€", "😀", "ab€"]) func aLongReasonIsCutBetweenCharacters(unit: String) {
        for count in 1...130 {
            let reason = String(repeating: unit, count: count)
            var out = ByteBuffer()
            FrameSerializer.writeClose(.normal, reason: reason, mask: nil, into: &out)
            guard case .close(.normal, let kept) = parse([out.array], role: .client).events.first else {
                Issue.record("no close frame")
                return
            }
            #expect(reason.hasPrefix(kept))
            if reason.utf8.count <= 123 { #expect(kept == reason) } else { #expect((120...123).contains(kept.utf8.count)) }
        }
    }
}
