import NIOCore
import NIOHTTP1
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// Requests for paths that are no endpoint's, which the application may answer.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerRequestTests {
    private static func hooks(_ answer: @escaping @Sendable (HTTPRequestHead, String) async -> HTTPAnswer?) -> ServerHooks {
        var hooks = ServerHooks()
        hooks.onRequest = answer
        return hooks
    }

    @Test func `A GET and a HEAD are answered on one connection, and what is not known is 404`() async throws {
        let hooks = Self.hooks { head, remote in
            guard head.uri.hasPrefix("/metrics") else { return nil }
            await Task.yield()
            return HTTPAnswer(
                status: .ok, headers: ["Content-Type": "x/y", "Content-Length": "3", "Transfer-Encoding": "chunked", "Connection": "x"],
                body: ByteBuffer(string: "\(head.uri) \(remote)"))
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let client = try await server.dial()
            let text = "/metrics?a=1 \(client.local)"
            let answer = try await client.http("GET", "/metrics?a=1")
            #expect(answer.status == 200)
            #expect(answer.body == text)
            #expect(answer.headers["content-length"] == [String(text.utf8.count)])
            #expect(answer.first("content-type") == "x/y")
            #expect(answer.first("transfer-encoding") == nil)
            #expect(answer.first("connection") == nil)
            let head = try await client.http("HEAD", "/metrics?a=1")
            #expect(head.status == 200)
            #expect(head.first("content-length") == String(text.utf8.count))
            #expect(try await client.http("GET", "/other").status == 404)
            #expect(try await client.http("POST", "/metrics").status == 404)
            // The endpoint is there as ever, and nothing of this is a rejection.
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
            #expect(!server.kinds.contains { $0.typeName == "connection.rejected" })
        }
    }

    @Test func `Requests behind one that is being answered wait for it, in order`() async throws {
        let gate = Gate()
        let hooks = Self.hooks { head, _ in
            if head.uri == "/slow" { await gate.pass() }
            return HTTPAnswer(text: head.uri)
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let client = try await server.dial()
            try await client.write(RawClient.request("GET", "/slow") + RawClient.request("GET", "/fast") + RawClient.upgradeRequest())
            gate.open()
            #expect(try await client.response().body == "/slow")
            #expect(try await client.response().body == "/fast")
            #expect(try await client.response().status == 101)
        }
    }

    @Test func `A body, and an upgrade of a foreign path, are not for the application`() async throws {
        let calls = Reports<String>()
        let hooks = Self.hooks { head, _ in
            calls.add(head.uri)
            return HTTPAnswer(text: "yes")
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let first = try await server.dial()
            try await first.write(RawClient.request("GET", "/x", [("Host", "test"), ("Content-Length", "2")]) + "hi")
            #expect(try await first.response().status == 400)
            await first.awaitEnd()
            let second = try await server.dial()
            #expect(try await second.upgrade(target: "/x").status == 404)
            #expect(try await second.http("GET", "/last").body == "yes")
            #expect(await calls.next() == "/last")
        }
    }

    @Test(arguments: [(101, 500), (100, 500), (204, 204), (304, 304), (503, 503)])
    func `An answer that HTTP does not allow here is none`(given: Int, sent: Int) async throws {
        let hooks = Self.hooks { head, _ in
            HTTPAnswer(status: head.uri == "/a" ? HTTPResponseStatus(statusCode: given) : .ok, text: "body")
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let client = try await server.dial()
            let answer = try await client.http("GET", "/a")
            #expect(answer.status == sent)
            #expect(try await client.http("GET", "/b").body == "body")
        }
    }

    @Test func `An answer that does not come in time ends the connection`() async throws {
        let gate = Gate()
        let hooks = Self.hooks { _, _ in
            await gate.pass()
            return HTTPAnswer(text: "late")
        }
        try await ServerFixture.run(.defaultRelay, hooks: hooks) {
            $0.limits.handshakeWithin = .milliseconds(50)
        } _: { server in
            let client = try await server.dial()
            try await client.write(RawClient.request("GET", "/x"))
            #expect(await client.awaitEnd() == 0)
            gate.open()
        }
    }

    @Test func `A client that leaves while it is answered harms nothing`() async throws {
        let gate = Gate()
        let hooks = Self.hooks { head, _ in
            if head.uri == "/slow" { await gate.pass() }
            return HTTPAnswer(text: "ok")
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let client = try await server.dial()
            try await client.write(RawClient.request("GET", "/slow"))
            await client.cut()
            gate.open()
            #expect(try await server.dial().http("GET", "/x").body == "ok")
        }
    }
}
