import NIOCore
import NIOEmbedded
import Testing

@testable import Neffos

@Suite struct ProxyHeaderTests {
    private static func parse(_ bytes: [UInt8]) -> ProxyHeader.Outcome { bytes.withUnsafeBytes { ProxyHeader.parse($0) } }
    private static func parse(_ text: String) -> ProxyHeader.Outcome { parse(Array(text.utf8)) }

    private static func source(_ address: String, _ port: Int) throws -> ProxyHeader.Source {
        .init(address: try #require(IPAddress(address)), port: port)
    }

    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// A header of version 2.
    static func binary(_ command: UInt8, _ family: UInt8, _ payload: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)] + payload
    }

    private static func binary(payload: [UInt8]) -> [UInt8] { binary(0x21, 0x11, payload) }

    private static let v4: [UInt8] = [203, 0, 113, 7, 127, 0, 0, 1, 0x12, 0x67, 0, 80]
    private static let v6: [UInt8] =
        [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7] + Array(repeating: 0, count: 15) + [1, 0x12, 0x67, 0, 80]

    // MARK: Version 1

    @Test func `A line tells the client's address and port`() throws {
        let line = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n"
        #expect(Self.parse(line + "GET") == .header(source: try Self.source("203.0.113.7", 4711), bytes: line.utf8.count))
        let six = "PROXY TCP6 2001:db8::7 ::1 4711 80\r\n"
        #expect(Self.parse(six) == .header(source: try Self.source("2001:db8::7", 4711), bytes: six.utf8.count))
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff:f::1 what ever 1 2\r\n"])
    func `A line that does not know is one`(line: String) { #expect(Self.parse(line) == .header(source: nil, bytes: line.utf8.count)) }

    @Test func `The longest line is 107 bytes`() {
        let longest = "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n"
        #expect(longest.utf8.count == 107)
        #expect(Self.parse(longest) == .header(source: nil, bytes: 107))
        #expect(Self.parse(longest.dropLast() + "x\r\n") == .malformed("the line is too long"))
        #expect(Self.parse("PROXY " + String(repeating: "x", count: 100)) == .incomplete)
        #expect(Self.parse("PROXY " + String(repeating: "x", count: 101)) == .malformed("the line is too long"))
    }

    @Test(arguments: [
        "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", "PROXY UNKNOWN\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r\n",
    ])
    func `A line that is not of its form is malformed`(line: String) {
        guard case .malformed = Self.parse(line) else { return #expect(Bool(false), "\(Self.parse(line))") }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PUT / HTTP/1.1\r\n", "PROPFIND / HTTP/1.1\r\n", "\u{16}\u{3}\u{1}", "proxy TCP4", "\r\n\r\nGET", "\n",
    ])
    func `Other beginnings are none`(text: String) { #expect(Self.parse(text) == .absent) }

    // MARK: Version 2

    @Test func `A binary header tells the client's address and port, for TCP and UDP alike`() throws {
        for transport: UInt8 in [1, 2] {
            #expect(
                Self.parse(Self.binary(0x21, 0x10 | transport, Self.v4)) == .header(source: try Self.source("203.0.113.7", 4711), bytes: 28)
            )
            #expect(
                Self.parse(Self.binary(0x21, 0x20 | transport, Self.v6)) == .header(source: try Self.source("2001:db8::7", 4711), bytes: 52)
            )
        }
    }

    @Test func `TLVs behind the addresses are skipped, whatever is in them`() throws {
        let tlv: [UInt8] = [0x04, 0x00, 0x05, 1, 2, 3, 4, 5, 0xFF, 0xFF]
        let source = try Self.source("203.0.113.7", 4711)
        #expect(Self.parse(Self.binary(payload: Self.v4 + tlv) + [71, 69]) == .header(source: source, bytes: 38))
        let longest = Self.v4 + Array(repeating: 7, count: ProxyHeader.mostBinaryBytes - 28)
        #expect(Self.parse(Self.binary(payload: longest)) == .header(source: source, bytes: ProxyHeader.mostBinaryBytes))
        #expect(Self.parse(Self.binary(payload: longest + [7])) == .malformed("the header is too long"))
    }

    @Test func `What has no address is no client's`() {
        #expect(Self.parse(Self.binary(0x20, 0x11, Self.v4)) == .header(source: nil, bytes: 28))
        #expect(Self.parse(Self.binary(0x20, 0x00, [])) == .header(source: nil, bytes: 16))
        #expect(Self.parse(Self.binary(0x21, 0x00, [1, 2, 3])) == .header(source: nil, bytes: 19))
        #expect(Self.parse(Self.binary(0x21, 0x10, [])) == .header(source: nil, bytes: 16))
        #expect(Self.parse(Self.binary(0x21, 0x31, Array(repeating: 1, count: 216))) == .header(source: nil, bytes: 232))
    }

    @Test func `A binary header that breaks a rule is malformed, as soon as it shows`() {
        let broken: [(UInt8, UInt8, [UInt8])] = [
            (0x11, 0x11, Self.v4), (0x31, 0x11, Self.v4), (0x22, 0x11, Self.v4), (0x2F, 0x11, Self.v4), (0x21, 0x41, Self.v4),
            (0x21, 0x13, Self.v4),
            (0x21, 0x11, Array(Self.v4.dropLast())), (0x21, 0x21, Array(Self.v6.dropLast())), (0x21, 0x31, Self.v6), (0x21, 0x11, []),
        ]
        for (command, family, payload) in broken {
            guard case .malformed = Self.parse(Array(Self.binary(command, family, payload).prefix(16))) else {
                Issue.record("\(command) \(family) \(payload.count)")
                continue
            }
        }
    }

    // MARK: Both

    private static let sound: [[UInt8]] = [
        Array("PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n".utf8), Array("PROXY UNKNOWN\r\n".utf8), binary(payload: v4),
        binary(0x21, 0x21, v6 + [4, 0, 0]),
        binary(0x20, 0x00, []),
    ]

    @Test func `Nothing is decided before all of it has come`() {
        for header in Self.sound {
            for count in 0..<header.count { #expect(Self.parse(Array(header.prefix(count))) == .incomplete, "\(count)") }
        }
    }

    @Test func `Any bytes are taken without a trap, and what is consumed is there`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Self.sound.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let count = Int.random(in: 0...bytes.count, using: &generator)
            if case .header(_, let taken) = Self.parse(Array(bytes.prefix(count))) { #expect(taken <= count) }
        }
    }

    /// Split in two at every byte, and byte by byte: the handler tells the address before it passes on exactly what comes behind.
    @Test func `The handler takes it off wherever it is split, and leaves`() throws {
        final class Witness: ChannelInboundHandler {
            typealias InboundIn = ByteBuffer
            var told: [ClientAddress] = []
            var bytes: [UInt8] = []
            func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
                #expect(bytes.isEmpty)
                if let address = event as? ClientAddress { told.append(address) }
            }
            func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes += unwrapInboundIn(data).readableBytesView }
        }
        let behind = Array("GET /echo HTTP/1.1\r\n".utf8)
        for header in Self.sound + [[]] {
            let all = header + behind
            let cuts: [[ArraySlice<UInt8>]] = (0...all.count).map { [all[..<$0], all[$0...]] } + [all.indices.map { all[$0...$0] }]
            for pieces in cuts {
                let witness = Witness()
                let channel = EmbeddedChannel(handlers: [ProxyHeaderHandler { Issue.record("\($0)") }, witness])
                for piece in pieces where !piece.isEmpty { try channel.writeInbound(ByteBuffer(bytes: piece)) }
                #expect(witness.bytes == behind)
                let isTold = header.count > 20
                #expect(witness.told.allSatisfy { $0.remote.hasSuffix(":4711") })
                #expect(witness.told.count == (isTold ? 1 : 0))
                #expect(throws: ChannelPipelineError.self) { try channel.pipeline.syncOperations.handler(type: ProxyHeaderHandler.self) }
                _ = try channel.finish()
            }
        }
    }

    @Test func `The handler says what is malformed, and closes`() throws {
        var told: [String] = []
        let channel = EmbeddedChannel(handler: ProxyHeaderHandler { told.append($0) })
        try channel.connect(to: .init(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(ByteBuffer(string: "PROXY nonsense\r\n"))
        try channel.writeInbound(ByteBuffer(string: "PROXY nonsense\r\n"))
        #expect(told == ["the line is not of its form"])
        #expect(!channel.isActive)
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
    }
}
