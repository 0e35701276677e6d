import NIOCore
import NeffosWire

/// A stream of bytes as frames: however it is cut into reads the same comes out, within the limits, and what is written can be read.
enum FrameFuzz {
    /// Two bytes of choices, then the stream.
    static func run(_ input: inout FuzzInput) throws {
        let choice = input.byte()
        let seed = input.byte()
        let role: PeerRole = choice & 1 == 0 ? .server : .client
        let limit = [5, 125, 1000, 70_000][Int(choice >> 1 & 3)]
        let stream = Array(input.rest)

        let whole = try Reading(of: [stream[...]], role, limit)
        try whole.check(limit)
        // Byte by byte where that does not take long.
        let others = [
            pieces(of: stream, seed: seed, most: 7),
            stream.count <= 48 ? stream.indices.map { stream[$0...$0] } : pieces(of: stream, seed: seed, most: 50),
        ]
        for cut in others {
            let reading = try Reading(of: cut, role, limit)
            try require(reading == whole, "the reads change the result: \(whole) is \(reading) in \(cut.map(\.count))")
        }
        let late = try Reading(of: others[0], role, limit, takesLate: true)
        try require(late == whole, "taking events late changes the result: \(whole) is \(late)")
        try writeAndRead(whole.events, role, limit, seed: seed)
    }

    private static func pieces(of stream: [UInt8], seed: UInt8, most: Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = stream[...]
        var state = UInt32(seed) &+ 1
        while !rest.isEmpty {
            state = state &* 1_664_525 &+ 1_013_904_223
            let piece = rest.prefix(1 + Int(state >> 16) % most)
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    /// Serializes the events, whole and in fragments, and reads them again.
    private static func writeAndRead(_ events: [WireEvent], _ role: PeerRole, _ limit: Int, seed: UInt8) throws {
        let mask = role == .server ? UInt32(seed) &* 0x0103_0507 : nil
        var whole = ByteBuffer()
        var fragments = ByteBuffer()
        for event in events {
            switch event {
            case .message(let payload, let isBinary):
                let opcode: Opcode = isBinary ? .binary : .text
                FrameSerializer.write(opcode: opcode, fin: true, payload: payload, mask: mask, into: &whole)
                var rest = payload
                let first = rest.readSlice(length: payload.readableBytes * Int(seed) / 256) ?? ByteBuffer()
                FrameSerializer.write(opcode: opcode, fin: false, payload: first, mask: mask, into: &fragments)
                FrameSerializer.write(opcode: .continuation, fin: false, payload: ByteBuffer(), mask: mask, into: &fragments)
                FrameSerializer.write(opcode: .continuation, fin: true, payload: rest, mask: mask, into: &fragments)
            case .ping(let payload):
                FrameSerializer.write(opcode: .ping, fin: true, payload: payload, mask: mask, into: &whole)
                FrameSerializer.write(opcode: .ping, fin: true, payload: payload, mask: mask, into: &fragments)
            case .pong(let payload):
                FrameSerializer.write(opcode: .pong, fin: true, payload: payload, mask: mask, into: &whole)
                FrameSerializer.write(opcode: .pong, fin: true, payload: payload, mask: mask, into: &fragments)
            case .close(let code, let reason):
                FrameSerializer.writeClose(code, reason: reason, mask: mask, into: &whole)
                FrameSerializer.writeClose(code, reason: reason, mask: mask, into: &fragments)
            }
        }
        for written in [whole, fragments] {
            let reading = try Reading(of: [Array(written.readableBytesView)[...]], role, limit)
            try require(reading.error == nil && reading.events == events, "what was written reads as \(reading)")
        }
    }
}

/// What a parser makes of some reads.
private struct Reading: Equatable {
    var events: [WireEvent] = []
    var error: WireError?

    /// - Parameter takesLate: takes one event a read at most, and the others at the end; and the reads are held elsewhere, too.
    init(of reads: [ArraySlice<UInt8>], _ role: PeerRole, _ limit: Int, takesLate: Bool = false) throws {
        var parser = FrameParser(role: role, limits: WireLimits(messageBytes: limit))
        var held: [ByteBuffer] = []
        do {
            for read in reads {
                if takesLate {
                    held.append(ByteBuffer(bytes: read))
                    parser.append(held[held.count - 1])
                    if let event = try parser.next() { events.append(event) }
                    continue
                }
                parser.append(ByteBuffer(bytes: read))
                while let event = try parser.next() { events.append(event) }
                // The head of a frame, one control frame, and the message that it stands in.
                try require(parser.bufferedBytes <= limit + 14 + 139, "\(parser.bufferedBytes) bytes are held, of \(limit)")
            }
            while let event = try parser.next() { events.append(event) }
        } catch let violation as WireError {
            error = violation
        }
        try require(zip(held, reads).allSatisfy { $0.readableBytesView.elementsEqual($1) }, "a read that others hold was changed")
        guard error != nil || events.last?.isClose == true else { return }
        parser.append(ByteBuffer(bytes: [0x81, 0x80, 0, 0, 0, 0]))
        try require(try parser.next() == nil && parser.bufferedBytes == 0, "a parser that has ended goes on")
    }

    func check(_ limit: Int) throws {
        for event in events {
            switch event {
            case .message(let payload, let isBinary):
                try require(payload.readableBytes <= limit, "a message is over the limit")
                try require(
                    isBinary || String(validating: payload.readableBytesView, as: UTF8.self) != nil, "a text is no UTF-8: \(payload)")
            case .ping(let payload), .pong(let payload): try require(payload.readableBytes <= 125, "a control frame is over the limit")
            case .close(let code, let reason):
                try require(code?.isValidOnWire != false && reason.utf8.count <= FrameSerializer.reasonBytes, "a close frame is malformed")
            }
        }
        try require(events.dropLast().allSatisfy { !$0.isClose }, "something comes after a close")
    }
}

extension WireEvent {
    fileprivate var isClose: Bool { if case .close = self { true } else { false } }
}
