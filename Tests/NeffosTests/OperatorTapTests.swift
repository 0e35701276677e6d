import NIOCore
import NeffosFeed
import NeffosWire
import Synchronization
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorTapTests {
    private static func tapped(_ server: ServerFixture) -> [FeedEvent.TappedMessage] {
        server.kinds.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    @Test func `Both directions of a tapped connection are shown, until it ends`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member(of: ["r"])
            let other = try await server.member(of: ["r"])
            let id = await client.id
            #expect(await server.perform(.tap(true), .connections([id])) == OperatorOutcome(count: 1))
            #expect(await server.server.detail(of: id)?.isTapped == true)
            _ = try await client.ask("default;;echo;0;0;h\u{e9};llo")
            try await other.send(";default;r;chat;0;0;all of you")
            for both in [client, other] { #expect(try await both.text() == ";default;r;chat;0;0;all of you") }
            try await client.write(RawClient.frame(ByteBuffer(bytes: Array(";default;;none;0;0;".utf8) + [0xFF, 0x00, 0xA5]), .binary))
            try await client.send("no message of ours")
            #expect(
                await server.sink.wait { entries in entries.count { $0.event.kind.typeName == "message" } >= 5 })
            let shown = Self.tapped(server)
            func message(
                _ direction: FeedEvent.Direction, _ room: String, _ event: String, _ bytes: Int, _ body: String,
                namespace: String = "default"
            ) -> FeedEvent.TappedMessage {
                .init(connection: id, direction: direction, namespace: namespace, room: room, event: event, bytes: bytes, body: body)
            }
            let echo = "$3;default;;echo;0;0;h\u{e9};llo".utf8.count
            #expect(
                shown == [
                    message(.in, "", "echo", echo, "h\u{e9};llo"), message(.out, "", "echo", echo, "h\u{e9};llo"),
                    message(.out, "r", "chat", ";default;r;chat;0;0;all of you".utf8.count, "all of you"),
                    message(.in, "", "none", ";default;;none;0;0;".utf8.count + 3, "ff00a5"),
                    message(.in, "", "_OnNativeMessage", "no message of ours".utf8.count, "no message of ours", namespace: ""),
                ])
            #expect(await server.perform(.tap(false), .connections([id])) == OperatorOutcome(count: 1))
            _ = try await client.ask("default;;echo;0;0;x")
            _ = try await other.ask("default;;echo;0;0;x")
            #expect(await server.server.detail(of: id)?.isTapped == false)
            _ = await server.actions(2)
            #expect(Self.tapped(server).count == shown.count)
        }
    }

    @Test func `A flood shows a hundred in half a second, and counts the rest`() {
        var budget = TapBudget()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        func take(_ milliseconds: Int64) -> Int? { budget.take(at: start + .milliseconds(milliseconds)) }
        for _ in 0..<100 { #expect(take(0) == 0) }
        for time in 0..<250 { #expect(take(Int64(time)) == nil) }
        #expect(take(500) == 250)
        #expect(take(501) == 0)
        for _ in 0..<98 { #expect(take(600) == 0) }
        #expect(take(999) == nil)
        #expect(take(1000) == 1)
    }

    @Test func `Over a real connection too`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            #expect(await server.perform(.tap(true)).count == 1)
            let sent = 5000
            try await client.write(RawClient.frames(Array(repeating: ";default;;none;0;0;x", count: sent)))
            try await eventually { await server.server.figures(of: nil).first?.messagesIn == sent + 1 }
            // A later message tells how many were not shown.
            try await eventually {
                try await client.send(";default;;last;0;0;")
                try await Task.sleep(for: .milliseconds(20))
                return Self.tapped(server).reduce(0) { $0 + $1.skipped } > 0
            }
            let shown = Self.tapped(server)
            let flood = shown.prefix { $0.event == "none" }
            let first = try #require(shown.first { $0.skipped > 0 })
            #expect(flood.count + first.skipped >= sent)
        }
    }

    @Test func `A tap ends with its connection, and there are no more than so many`() async throws {
        try await ServerFixture.run { server in
            var clients: [RawClient] = []
            for _ in 0...Server.mostTaps { clients.append(try await server.member()) }
            let refused = await server.perform(.tap(true))
            #expect(refused.isRefused && refused.result.contains("at most \(Server.mostTaps)"))
            var ids: [String] = []
            for client in clients { ids.append(await client.id) }
            #expect(await server.perform(.tap(true), .connections(Array(ids.dropLast()))).count == Server.mostTaps)
            #expect(await server.perform(.tap(true), .connections([ids[0]])).count == 1)
            #expect(await server.perform(.tap(true), .connections([ids[Server.mostTaps]])).isRefused)
            await clients[0].cut()
            _ = try await server.closed(ids[0])
            #expect(await server.perform(.tap(true), .connections([ids[Server.mostTaps]])).count == 1)
            #expect(await server.perform(.tap(false)).count == Server.mostTaps)
            #expect(server.server.taps.withLock { $0.isEmpty })
        }
    }

    // MARK: Bodies

    @Test func `A body is cut between characters, and what is no text is in hexadecimal digits`() {
        let text = String(repeating: "é", count: 4000)
        for shift in 0..<2 {
            let body = TapText.body(ByteBuffer(string: String(repeating: "x", count: shift) + text))
            #expect((4093...4096).contains(body.utf8.count))
            #expect(!body.contains("\u{FFFD}"))
        }
        #expect(TapText.body(ByteBuffer()) == "")
        #expect(TapText.body(ByteBuffer(bytes: [0xC3])) == "c3")
        #expect(TapText.body(ByteBuffer(repeating: 0xFF, count: 100_000)).utf8.count == 4096)
    }

    @Test func `Names that are as long as a message may be are cut`() {
        let name = String(repeating: "n", count: 100_000)
        let payload = ByteBuffer(string: ";\(name);\(name);\(name);0;0;b")
        let shown = TapText.message(payload, isBinary: false, connection: "c", direction: .in, skipped: 2)
        #expect(shown.namespace.utf8.count <= 1024 && shown.room.utf8.count <= 1024 && shown.event.utf8.count <= 1024)
        #expect(shown.bytes == payload.readableBytes && shown.body == "b" && shown.skipped == 2)
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536]) func `The payload of a frame for many is found`(length: Int) throws {
        var frame = ByteBuffer()
        let payload = ByteBuffer(repeating: 0x61, count: length)
        FrameSerializer.write(opcode: .binary, fin: true, payload: payload, mask: nil, into: &frame)
        let found = try #require(TapText.payload(of: frame))
        #expect(found.payload == payload && found.isBinary)
        #expect(TapText.payload(of: ByteBuffer()) == nil)
        #expect(TapText.payload(of: ByteBuffer(bytes: [0x82, 127, 0])) == nil)
    }
}
