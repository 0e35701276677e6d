import NIOCore
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorDetailTests {
    @Test(arguments: [
        ("Authorization", "Bearer abc", "***"), ("proxy-authorization", "Basic x", "***"), ("Cookie", "a=b", "***"),
        ("Set-Cookie", "a=b", "***"), ("X-Api-KEY", "k", "***"), ("X-Auth-Request-User", "u", "***"), ("X-CSRF-Token", "t", "***"),
        ("X-Client-Secret", "s", "***"), ("X-Password", "p", "***"), ("Sec-WebSocket-Protocol", "chat, Bearer.abc", "***"),
        ("Authorization", "", ""), ("User-Agent", "test/1", "test/1"), ("Host", "example.org", "example.org"),
        ("Referer", "https://x/?a=1&token=abc#f", "https://x/?a=1&token=***#f"),
    ])
    func `Headers that are secrets are masked, and targets in others`(name: String, value: String, shown: String) {
        #expect(Secrets.header(name, value) == shown)
    }

    @Test(arguments: [
        ("/echo", "/echo"), ("/echo?", "/echo?"), ("/echo?room=a&x", "/echo?room=a&x"), ("/echo?token=abc", "/echo?token=***"),
        ("/echo?X-Websocket-Header-Authorization=Bearer+abc&a=b", "/echo?X-Websocket-Header-Authorization=***&a=b"),
        ("/echo?x-websocket-header-X-Username=ann", "/echo?x-websocket-header-X-Username=ann"), ("/e?%74oken=abc", "/e?%74oken=***"),
        ("/e?a=1;token=abc;b=2", "/e?a=1;token=***;b=2"), ("/e?%zz=abc", "/e?%zz=***"), ("/e?access%5Ftoken=abc", "/e?access%5Ftoken=***"),
        ("/e?a=Bearer%20abc", "/e?a=***"), ("/e?token=", "/e?token="), ("/e?token", "/e?token"), ("/e?a=b?token=abc", "/e?a=b?token=***"),
        ("/e?=x&&&sig=1", "/e?=x&&&sig=***"), ("/e?token=a=b=c&d", "/e?token=***&d"),
    ])
    func `Parameters that are secrets are masked, whatever way their names are written`(target: String, shown: String) {
        #expect(Secrets.target(target) == shown)
    }

    @Test func `A connection's request and figures are told, its secrets are not`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            let headers = [("User-Agent", "test/1"), ("Cookie", "sid=geheim"), ("X-Long", String(repeating: "x", count: 5000))]
            let target = "/echo?room=a&X-Websocket-Header-Authorization=Bearer%20geheim"
            #expect(try await client.upgrade(headers, target: target).status == 101)
            try await client.acknowledge()
            try await client.enter("default")
            let id = await client.id
            let detail = try #require(await server.server.detail(of: id))
            #expect(detail.connection == id)
            #expect(detail.target == "/echo?room=a&X-Websocket-Header-Authorization=***")
            #expect(detail.headers.contains { $0.name == "User-Agent" && $0.value == "test/1" })
            #expect(detail.headers.contains { $0.name == "Cookie" && $0.value == "***" })
            #expect(detail.headers.contains { $0.name == "authorization" && $0.value == "***" })
            #expect(detail.headers.allSatisfy { $0.value.utf8.count <= 2048 })
            #expect(!"\(detail)".contains("geheim"))
            #expect(!detail.isTapped)
            #expect(detail.figures.messagesIn == 1 && detail.figures.messagesOut == 1)
            #expect(await server.server.detail(of: "nobody") == nil)
            await client.cut()
            _ = try await server.closed(id)
            try await eventually { await server.server.detail(of: id) == nil }
        }
    }

    @Test func `Many headers are told in part`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            #expect(try await client.upgrade((0..<110).map { ("X-\($0)", "v") }).status == 101)
            try await client.acknowledge()
            let detail = try #require(await server.server.detail(of: await client.id))
            #expect(detail.headers.count == 100)
        }
    }

    @Test func `Figures tell what waits for whom, and who is silent`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
            $0.limits.outboxBytes = 64 << 20
        } _: { server in
            let slow = try await server.member()
            let quick = try await server.member()
            let (id, other) = (await slow.id, await quick.id)
            try await slow.stopReading()
            let connection = try #require(server.server.connection(id))
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<16 { connection.emit(Message(namespace: "default", event: "news", body: body)) }
            try await eventually { await server.server.figures(of: [id]).first.map { $0.queuedBytes > 1 << 20 } ?? false }
            let figures = await server.server.figures(of: [id, "gone", other])
            #expect(Set(figures.map(\.connection)) == [id, other])
            #expect(figures.first { $0.connection == other }?.queuedBytes == 0)
            #expect(figures.first { $0.connection == id }?.messagesOut == 17)
            try await eventually { await server.server.figures(of: [other]).first.map { $0.idle >= 5 } ?? false }
            _ = try await quick.ask("default;;echo;0;0;hi")
            #expect(await server.server.figures(of: nil).count == 2)
            #expect(await server.server.figures(of: []).isEmpty)
        }
    }
}
