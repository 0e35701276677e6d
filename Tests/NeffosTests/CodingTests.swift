import Foundation
import NIOCore
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// Values as the bodies of messages.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct CodingTests {
    struct Vote: Codable, Equatable {
        var option: String
        var weight: Int
    }

    /// A type with a form of its own, binary, and no other.
    struct Packed: CodableMessageBody, Equatable {
        var value: UInt16

        init(value: UInt16) { self.value = value }

        init(body: ByteBuffer) throws {
            guard body.readableBytes == 2, let value = body.getInteger(at: body.readerIndex, as: UInt16.self) else {
                throw NeffosError("not packed")
            }
            self.value = value
        }

        func makeBody() -> ByteBuffer { ByteBuffer(integer: value) }
    }

    /// Bodies as property lists.
    struct PropertyListCoder: MessageCoder {
        var isBinary: Bool { true }
        func encode<Value: Encodable>(_ value: Value) throws -> ByteBuffer { ByteBuffer(bytes: try PropertyListEncoder().encode(value)) }
        func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value {
            try PropertyListDecoder().decode(type, from: Data(body.readableBytesView))
        }
    }

    static let server = HandlerFixture.make { handlers in
        handlers.on("weigh", in: "default", as: Vote.self) { connection, vote in .text("\(connection.room) \(vote.weight)") }
        handlers.on("ponder", in: "default", as: Vote.self) { _, vote async throws in
            await Task.yield()
            return try .json(vote.weight)
        }
        handlers.on("sum", in: "default", as: [Int].self, replying: Int.self) { _, numbers in numbers.reduce(0, +) }
        handlers.on("slow sum", in: "default", as: [Int].self, replying: Int.self) { _, numbers async in
            await Task.yield()
            return numbers.reduce(0, +)
        }
        handlers.on("double", in: "default", as: [Int].self, replying: [Int].self) { _, numbers in numbers.map { $0 * 2 } }
        handlers.on("pack", in: "default", as: Packed.self, replying: Packed.self) { _, packed in Packed(value: packed.value + 1) }
        handlers.on("by hand", in: "default") { connection, message in
            let vote = try message.decode(Vote.self)
            let same: Vote = try connection.decode(from: message)
            return try connection.reply([vote, same])
        }
        handlers.on("unencodable", in: "default", as: Int.self, replying: Double.self) { _, _ in .infinity }
        handlers.on("all", in: "default", as: Vote.self) { connection, vote in
            try connection.broadcast("voted", to: connection.room, vote)
            try connection.room("r").broadcast("voted", vote, toSender: false)
            return .none
        }
    }

    @Test func `Handlers get values and answer with them`() async throws {
        try await ServerFixture.run(Self.server) { server in
            let client = try await server.member(of: ["r"])
            let vote = #"{"weight":3,"option":"o"}"#
            #expect(try await client.ask("default;r;weigh;0;0;" + vote) == ";default;r;weigh;0;0;r 3")
            #expect(try await client.ask("default;;ponder;0;0;" + vote) == ";default;;ponder;0;0;3")
            #expect(try await client.ask("default;;sum;0;0;[1,2,3]") == ";default;;sum;0;0;6")
            #expect(try await client.ask("default;;slow sum;0;0;[1,2,3]") == ";default;;slow sum;0;0;6")
            let sorted = #"{"option":"o","weight":3}"#
            #expect(try await client.ask("default;;by hand;0;0;" + vote) == ";default;;by hand;0;0;[\(sorted),\(sorted)]")
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"option":"o"}"#, #"{"option":7,"weight":3}"#, String(repeating: "[", count: 5000)])
    func `What is no such value is answered with invalid payload`(body: String) async throws {
        try await ServerFixture.run(Self.server) { server in
            let client = try await server.member()
            for event in ["weigh", "ponder", "by hand"] {
                #expect(try await client.ask("default;;\(event);0;0;" + body) == ";default;;\(event);1;0;invalid payload")
            }
            #expect(try await client.ask("default;;pack;0;0;odd") == ";default;;pack;1;0;invalid payload")
            // A plain emit is told too.
            try await client.send(";default;;weigh;0;0;" + body)
            #expect(try await client.text() == ";default;;weigh;1;0;invalid payload")
        }
    }

    @Test func `A value that has no form is our fault, not the other side's`() async throws {
        try await ServerFixture.run(Self.server) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;unencodable;0;0;1") == ";default;;unencodable;1;0;internal error")
        }
    }

    @Test func `Values are emitted, asked with and broadcast, on both sides`() async throws {
        let votes = Reports<Vote>()
        let vote = Vote(option: "o", weight: 2)
        var handlers = ClientFixture.handlers
        handlers.on("voted", in: "default", as: Vote.self) { connection, vote in
            votes.add(vote)
            return .none
        }
        handlers.on("sum", in: "default", as: [Int].self, replying: Int.self) { _, numbers in numbers.reduce(0, +) }
        try await HandlerFixture.run(Self.server, client: handlers) { server, client in
            let namespace = try await client.connect(to: "default")
            try await namespace.join("r")
            #expect(try await namespace.ask("sum", [1, 2, 3], as: Int.self) == 6)
            #expect(try await namespace.ask("pack", Packed(value: 8), as: Packed.self) == Packed(value: 9))
            let pondered: Int = try await namespace.ask("ponder", vote)
            #expect(pondered == 2)
            try namespace.emit("all", to: "r", vote)
            #expect(await votes.next() == vote)
            await #expect(throws: MessageBodyError.self) { try await namespace.ask("sum", [1], as: Vote.self) }
            await #expect(throws: NeffosError(.invalidPayload)) { try await namespace.ask("sum", "1", as: Int.self) }
            #expect(throws: MessageBodyError.self) { try namespace.emit("sum", Double.infinity) }

            let connection = try #require(server.server.connection(client.id))
            let room = connection.room("r", in: "default")
            #expect(try await room.ask("sum", [4, 5], as: Int.self) == 9)
            try room.emit("voted", vote)
            #expect(await votes.next() == vote)
            try room.namespaceConnection.emit("voted", vote)
            #expect(await votes.next() == vote)
            server.server.broadcast(try Message(namespace: "default", event: "voted", value: vote))
            #expect(await votes.next() == vote)
        }
    }

    @Test func `A text is a body as it is, and a value only where a value is asked for`() async throws {
        let server = HandlerFixture.make { handlers in handlers.on("echo", in: "default") { _, message in .body(message.body) } }
        try await HandlerFixture.run(server) { server, client in
            let namespace = try await client.connect(to: "default")
            #expect(try await namespace.ask("echo", "a").text == "a")
            #expect(try await namespace.ask("echo", "a", as: String.self) == "a")
            let connection = try #require(server.server.connection(client.id))
            let subject = NamespaceConnection(connection: connection, namespace: "default")
            subject.emit("x", "text")
            subject.broadcast("x", "text")
        }
    }

    @Test func `A type's own form goes before the coder, and travels in binary frames`() async throws {
        try await ServerFixture.run(Self.server) { server in
            let client = try await server.member()
            var frame = ByteBuffer(string: "$9;default;;pack;0;0;")
            frame.writeInteger(UInt16(0x01FE))
            try await client.write(RawClient.frame(frame, .binary))
            frame.setInteger(UInt16(0x01FF), at: frame.writerIndex - 2)
            #expect(try await client.event() == .message(frame, isBinary: true))
        }
        // Inside another value it is its bytes.
        let coder = JSONMessageCoder()
        let (body, isBinary) = try coder.body(of: [Packed(value: 258)])
        #expect(String(buffer: body) == "[[1,2]]")
        #expect(!isBinary)
        #expect(try coder.value([Packed].self, of: body) == [Packed(value: 258)])
        #expect(throws: MessageBodyError.self) { try coder.value([Packed].self, of: ByteBuffer(string: "[[1]]")) }
    }

    @Test func `Another coder takes the place of JSON on both sides`() async throws {
        var server = Self.server
        server.coder = PropertyListCoder()
        var client = ClientFixture.handlers
        client.coder = PropertyListCoder()
        try await HandlerFixture.run(server, client: client) { _, client in
            let namespace = try await client.connect(to: "default")
            #expect(try await namespace.ask("double", [1, 2], as: [Int].self) == [2, 4])
            let reply = try await client.ask(
                Message(namespace: "default", event: "double", value: [3], coder: PropertyListCoder()))
            #expect(reply.isBinary)
            #expect(try reply.decode([Int].self, coder: PropertyListCoder()) == [6])
            // JSON is no property list.
            await #expect(throws: NeffosError(.invalidPayload)) {
                try await client.ask(Message(namespace: "default", event: "double", value: [1]))
            }
        }
    }

    @Test func `Equal values have equal bodies, and slashes stay as they are`() throws {
        let message = try Message(namespace: "n", room: "r", event: "e", value: ["b": "/", "a": "é"])
        #expect(message.text == #"{"a":"é","b":"/"}"#)
        #expect(message.room == "r")
        #expect(try message.decode() == ["a": "é", "b": "/"])
        let dated = JSONMessageCoder(
            encoder: {
                let encoder = JSONEncoder()
                encoder.dateEncodingStrategy = .secondsSince1970
                return encoder
            },
            decoder: {
                let decoder = JSONDecoder()
                decoder.dateDecodingStrategy = .secondsSince1970
                return decoder
            })
        let body = try dated.encode(Date(timeIntervalSince1970: 5))
        #expect(String(buffer: body) == "5")
        #expect(try dated.decode(Date.self, from: body) == Date(timeIntervalSince1970: 5))
    }

    @Test func `What is wrong with a body is said in full to us`() throws {
        let error = #expect(throws: MessageBodyError.self) { try Message(body: ByteBuffer(string: "x")).decode(Int.self) }
        #expect(error?.step == .decoding)
        #expect(error?.type == "Int")
        #expect(error.map { "\($0)" }?.hasPrefix("decoding Int failed: ") == true)
    }
}
