import NIOCore
import NeffosWire
import Testing

/// However the bytes are cut into reads, the same comes out.
@Suite struct FeedingTests {
    /// Frames of all kinds, mostly sound ones, and now and then a broken one at the end.
    static func stream(seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("aé€😀;@%!x".unicodeScalars)
        var bytes: [UInt8] = []
        func mask() -> [UInt8] { (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) } }
        func control() {
            let payload = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes += RawFrame(opcode: Bool.random(using: &random) ? 9 : 10, payload: payload, mask: mask()).bytes
        }
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let isText = Bool.random(using: &random)
            var payload: [UInt8]
            let count = [0, 3, 40, 130, 300].randomElement(using: &random) ?? 0
            if isText {
                var scalars = String.UnicodeScalarView()
                for _ in 0..<count { scalars.append(alphabet.randomElement(using: &random) ?? "?") }
                payload = Array(String(scalars).utf8)
            } else {
                payload = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            var opcode: UInt8 = isText ? 1 : 2
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let cut = Int.random(in: 0...payload.count, using: &random)
                bytes += RawFrame(opcode: opcode, payload: Array(payload[..<cut]), fin: false, mask: mask()).bytes
                payload.removeFirst(cut)
                opcode = 0
                if Bool.random(using: &random) { control() }
            }
            bytes += RawFrame(opcode: opcode, payload: payload, mask: mask()).bytes
            if Int.random(in: 0...3, using: &random) == 0 { control() }
        }
        switch Int.random(in: 0...7, using: &random) {
        case 0: bytes += RawFrame.close(1000, Array("done".utf8)).bytes + RawFrame.text("after").bytes
        case 1: bytes += RawFrame(opcode: 5).bytes + RawFrame.text("after").bytes
        case 2: bytes += RawFrame(opcode: 1, payload: [0x61, 0xF5, 0x61, 0x61], mask: mask()).bytes
        case 3: bytes += RawFrame.more([1], fin: true).bytes
        case 4: bytes += RawFrame(opcode: 2, length: [126, 0xFF, 0xFF]).bytes
        case 5: bytes.removeLast()
        default: break
        }
        return bytes
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>) func byteByByteIsLikeWhole(seed: UInt64) {
        let bytes = Self.stream(seed: seed)
        let whole = parse([bytes], limit: 5000)
        #expect(!whole.events.isEmpty || whole.error != nil)
        #expect(parse(bytes.map { [$0] }, limit: 5000) == whole)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>) func anyPiecesAreLikeWhole(seed: UInt64) {
        let bytes = Self.stream(seed: seed)
        let whole = parse([bytes], limit: 5000)
        var random = SeededGenerator(seed: seed &* 31)
        for largest in [3, 17, 100, 700] {
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...largest, using: &random))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(parse(pieces, limit: 5000) == whole)
        }
    }

    @Test func framesMayBeSplitAtEveryOffset() {
        let frames: [RawFrame] = [
            .text("déjà vu"), .ping([1, 2]), .binary((0..<200).map { UInt8($0) }), .text("€", fin: false),
            .more(Array("😀".utf8), fin: true),
            .close(1001, Array("bye".utf8)),
        ]
        let bytes = frames.flatMap(\.bytes)
        let whole = parse([bytes])
        #expect(whole.events.count == 5)
        for offset in 0...bytes.count { #expect(parse([Array(bytes[..<offset]), Array(bytes[offset...])]) == whole, "at \(offset)") }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func bytesMayComeBeforeEventsAreTaken(seed: UInt64) throws {
        let bytes = Self.stream(seed: seed)
        let whole = parse([bytes], limit: 5000)
        var random = SeededGenerator(seed: seed)
        var parser = FrameParser(role: .server, limits: WireLimits(messageBytes: 5000))
        var outcome = Outcome()
        do {
            for start in stride(from: 0, to: bytes.count, by: 50) {
                parser.append(ByteBuffer(bytes: bytes[start..<min(start + 50, bytes.count)]))
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    if let event = try parser.next() { outcome.events.append(event) }
                }
            }
            while let event = try parser.next() { outcome.events.append(event) }
        } catch {
            outcome.error = error
        }
        #expect(outcome == whole)
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>) func damagedBytesAreJudgedTheSameWayHoweverTheyCome(seed: UInt64) {
        var random = SeededGenerator(seed: seed &* 977)
        var bytes = Self.stream(seed: seed)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        #expect(parse(bytes.map { [$0] }, limit: 5000) == parse([bytes], limit: 5000))
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>) func messagesOfRandomBytesAreReadOrRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array(";;;;;;;01@%!a".utf8) + [0xC3, 0xA9, 0xFF]
        let payload = ByteBuffer(
            bytes: (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 })
        guard let message = try? MessageCodec.parse(payload, isBinary: true) else { return }
        // Flags and marks have several spellings, so it is the message that must come back rather than the bytes.
        var out = ByteBuffer()
        MessageCodec.write(message, into: &out)
        #expect(try MessageCodec.parse(out, isBinary: true) == message)
    }
}
