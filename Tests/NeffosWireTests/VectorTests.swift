import Foundation
import NIOCore
import NeffosWire
import Testing

/// What the real JS client and the real Go server said to each other, and the original clients and our server.
@Suite struct VectorTests {
    struct Line: Decodable {
        var connection: Int
        var from: String
        var kind: String
        /// Missing where the bytes of a binary frame are no text.
        var payload: String?
    }

    static func texts() throws -> [(from: String, payload: String)] {
        let folder = try #require(Bundle.module.url(forResource: "Vectors", withExtension: nil))
        let urls = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(urls.count >= 4)
        return try urls.flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n") }
            .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            .compactMap { line in line.kind == "text" ? line.payload.map { (line.from, $0) } : nil }
    }

    @Test func eachIsReadAndWrittenBackToTheSameBytes() throws {
        var acks = 0
        var messages = 0
        for line in try Self.texts() {
            let payload = ByteBuffer(string: line.payload)
            if let ack = AckCodec.parse(payload) {
                acks += 1
                #expect(AckCodec.write(ack) == payload)
            } else {
                messages += 1
                var out = ByteBuffer()
                MessageCodec.write(try MessageCodec.parse(payload, isBinary: false), into: &out)
                #expect(out == payload)
            }
        }
        #expect(acks >= 2)
        #expect(messages >= 10)
    }

    @Test func eachSurvivesAFrameInBothDirections() throws {
        for line in try Self.texts() {
            let isFromClient = line.from == "client"
            var out = ByteBuffer()
            FrameSerializer.writeText(ByteBuffer(string: line.payload), mask: isFromClient ? 0x89AB_CDEF : nil, into: &out)
            #expect(parse([out.array], role: isFromClient ? .server : .client).events == [text(line.payload)])
        }
    }

    @Test func theFieldsAreThoseThatWereMeant() throws {
        let messages = try Self.texts().compactMap { try? MessageCodec.parse(ByteBuffer(string: $0.payload), isBinary: false) }
        #expect(messages.contains { $0.event == "_OnNamespaceConnect" && $0.namespace == "default" && $0.wait.isFromClient })
        #expect(messages.contains { $0.event == "_OnRoomJoin" && $0.room == "lobby" })
        #expect(messages.contains { $0.event == "echo" && $0.text == "ping; with semicolon" })
        #expect(messages.contains { $0.event.isEmpty && $0.wait.isFromClient && $0.body.readableBytes == 0 })
    }
}
