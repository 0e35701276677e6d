import NIOCore
import NeffosWire
import Testing

/// Who holds which bytes, and for how long.
@Suite struct StorageTests {
    static let limits = WireLimits(messageBytes: 1 << 20)

    @Test func aSliceHandedOutNeverChanges() throws {
        var parser = FrameParser(role: .server, limits: Self.limits)
        var taken: [(WireEvent, String)] = []
        var random = SeededGenerator(seed: 5)
        for round in 0..<50 {
            var bytes: [UInt8] = []
            for index in 0..<16 { bytes += RawFrame.text("message \(round) \(index) " + String(repeating: "x", count: index)).bytes }
            // The last frame of a read comes in two parts, whichever.
            let cut = Int.random(in: 0..<bytes.count, using: &random)
            for piece in [bytes[..<cut], bytes[cut...]] {
                parser.append(ByteBuffer(bytes: piece))
                while let event = try parser.next() {
                    guard case .message(let payload, _) = event else { continue }
                    taken.append((event, String(buffer: payload)))
                }
            }
        }
        #expect(taken.count == 800)
        for (index, (event, string)) in taken.enumerated() {
            #expect(event == text(string))
            #expect(string.hasPrefix("message \(index / 16) \(index % 16) "))
        }
    }

    @Test func theChannelsOwnBufferIsNotChangedUnderIt() throws {
        let masked = ByteBuffer(bytes: RawFrame.text("hello").bytes + RawFrame.text("cut off").bytes.dropLast(2))
        let before = masked.array
        var parser = FrameParser(role: .server, limits: Self.limits)
        parser.append(masked)
        #expect(try parser.next() == text("hello"))
        #expect(try parser.next() == nil)
        #expect(masked.array == before)
    }

    @Test func aBufferThatNobodyElseHoldsIsNotCopied() throws {
        func address(_ buffer: ByteBuffer) -> UInt { buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } }
        var parser = FrameParser(role: .server, limits: Self.limits)
        var bytes = ByteBuffer(bytes: RawFrame.text("hello").bytes)
        let start = address(bytes)
        parser.append(consume bytes)
        bytes = ByteBuffer()
        guard case .message(let payload, _) = try parser.next() else {
            Issue.record("no message")
            return
        }
        #expect(address(payload) == start + 6)
    }

    @Test func nothingIsHeldWhenNothingIsLeftOver() throws {
        var parser = FrameParser(role: .server, limits: Self.limits)
        parser.append(ByteBuffer(bytes: RawFrame.text("hello").bytes))
        #expect(try parser.next() == text("hello"))
        #expect(parser.bufferedBytes == 0)
        #expect(Mirror(reflecting: parser).children.first { $0.label == "bytes" }.map { "\($0.value)" } == "nil")
    }

    @Test func aTinyLeftoverDoesNotKeepALargeReadAlive() throws {
        var read = ByteBufferAllocator().buffer(capacity: 1 << 16)
        for _ in 0..<200 { read.writeBytes(RawFrame.text("hello").bytes) }
        read.writeBytes(RawFrame.text("hello").bytes.prefix(3))
        var parser = FrameParser(role: .server, limits: Self.limits)
        parser.append(read)
        var count = 0
        while try parser.next() != nil { count += 1 }
        #expect(count == 200)
        #expect(parser.bufferedBytes == 3)
        let held = Mirror(reflecting: parser).children.first { $0.label == "bytes" }?.value as? ByteBuffer
        #expect((held?.storageCapacity ?? .max) <= 16)
    }

    @Test func aFirstReadWithAPartOfAFrameDoesNotKeepTheReceiveBuffer() throws {
        var read = ByteBufferAllocator().buffer(capacity: 1 << 16)
        read.writeBytes([0x81])
        var parser = FrameParser(role: .server, limits: Self.limits)
        parser.append(read)
        #expect(try parser.next() == nil)
        let held = Mirror(reflecting: parser).children.first { $0.label == "bytes" }?.value as? ByteBuffer
        #expect((held?.storageCapacity ?? .max) <= 16)
    }

    @Test func bufferedBytesCountsPartsOfFramesAndOfMessages() throws {
        var parser = FrameParser(role: .server, limits: Self.limits)
        #expect(parser.bufferedBytes == 0)
        parser.append(ByteBuffer(bytes: RawFrame.text("hello", fin: false).bytes + [0x80]))
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 6)
        parser.append(ByteBuffer(bytes: RawFrame.more([0x21], fin: true).bytes.dropFirst()))
        #expect(try parser.next() == text("hello!"))
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 0)
    }

    @Test func aFragmentWithoutBytesMakesAMessageOfItsOwn() throws {
        var parser = FrameParser(role: .server, limits: Self.limits)
        parser.append(ByteBuffer(bytes: RawFrame.binary([1, 2], fin: false).bytes))
        #expect(try parser.next() == nil)
        parser.append(ByteBuffer(bytes: RawFrame.more([3], fin: true).bytes + RawFrame.binary([9], fin: false).bytes))
        let first = try parser.next()
        parser.append(ByteBuffer(bytes: RawFrame.more([8], fin: true).bytes))
        #expect(try parser.next() == binary([9, 8]))
        #expect(first == binary([1, 2, 3]))
    }

    @Test func anIdleParserIsSmall() {
        #expect(MemoryLayout<FrameParser>.size <= 128)
    }
}
