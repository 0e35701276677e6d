import NIOCore
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// Requests that no client of ours sends, on the wire.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct HostileUpgradeTests {
    struct Hostile: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var status: Int
        var testDescription: String { name }

        init(_ name: String, _ status: Int, _ request: String) {
            self.name = name
            self.status = status
            self.request = request
        }
    }

    /// A sound upgrade whose lines are changed.
    private static func upgrade(
        _ first: String = "GET /echo HTTP/1.1", without: String? = nil, _ extra: String = "", host: String = "Host: test"
    ) -> String {
        let lines = [
            host, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ].filter { line in without.map { !line.hasPrefix($0) } ?? true }
        return first + "\r\n" + (lines + (extra.isEmpty ? [] : [extra])).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test(arguments: [
        Hostile("two hosts", 400, upgrade("GET /echo HTTP/1.1", "Host: other")),
        Hostile("the same host twice", 400, upgrade("GET /echo HTTP/1.1", "Host: test")),
        Hostile("no host", 400, upgrade(without: "Host")),
        Hostile("an empty host", 400, upgrade(host: "Host:")),
        Hostile("a host that is none", 400, upgrade(host: "Host: a b")),
        Hostile("a host with a user", 400, upgrade(host: "Host: user@test")),
        Hostile("two hosts in one", 400, upgrade(host: "Host: a, b")),
        Hostile("two origins", 400, upgrade("GET /echo HTTP/1.1", "Origin: http://test\r\nOrigin: http://test")),
        Hostile("no key", 400, upgrade(without: "Sec-WebSocket-Key")),
        Hostile("two keys", 400, upgrade("GET /echo HTTP/1.1", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")),
        Hostile("a short key", 400, upgrade("GET /echo HTTP/1.1", without: "Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==")),
        Hostile("a key that is no base 64", 400, upgrade(without: "Sec-WebSocket-Key", "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==")),
        Hostile("an empty key", 400, upgrade(without: "Sec-WebSocket-Key", "Sec-WebSocket-Key:")),
        Hostile("another version", 426, upgrade(without: "Sec-WebSocket-Version", "Sec-WebSocket-Version: 12")),
        Hostile("two versions", 400, upgrade("GET /echo HTTP/1.1", "Sec-WebSocket-Version: 13")),
        Hostile("versions in a list", 426, upgrade(without: "Sec-WebSocket-Version", "Sec-WebSocket-Version: 13, 8")),
        Hostile("another protocol", 426, upgrade(without: "Upgrade", "Upgrade: h2c")),
        Hostile("no upgrade in Connection", 426, upgrade(without: "Connection", "Connection: close")),
        Hostile("HTTP/1.0", 400, upgrade("GET /echo HTTP/1.0")),
        Hostile("HTTP/2.0", 400, upgrade("GET /echo HTTP/2.0")),
        Hostile("HTTP/9.9", 400, upgrade("GET /echo HTTP/9.9")),
        Hostile("HTTP/0.9", 400, "GET /echo\r\n\r\n"),
        Hostile("HTTP/2's preface", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Hostile("another protocol's request line", 400, upgrade("GET /echo ICE/1.0")),
        Hostile("an unknown method", 400, upgrade("HACK /echo HTTP/1.1")),
        Hostile("a method in small letters", 400, upgrade("get /echo HTTP/1.1")),
        Hostile("CONNECT", 405, "CONNECT /echo HTTP/1.1\r\nHost: test\r\n\r\n"),
        Hostile("a whole URL", 404, upgrade("GET http://test/echo HTTP/1.1")),
        Hostile("an asterisk", 404, upgrade("GET * HTTP/1.1")),
        Hostile("two slashes", 404, upgrade("GET //echo HTTP/1.1")),
        Hostile("a slash too many", 404, upgrade("GET /echo/ HTTP/1.1")),
        Hostile("an escaped letter", 404, upgrade("GET /%65cho HTTP/1.1")),
        Hostile("a way around", 404, upgrade("GET /x/../echo HTTP/1.1")),
        Hostile("an escaped NUL", 404, upgrade("GET /echo%00 HTTP/1.1")),
        Hostile("another letter case", 404, upgrade("GET /ECHO HTTP/1.1")),
        Hostile("parameters of a segment", 404, upgrade("GET /echo;x=1 HTTP/1.1")),
        Hostile("no target", 400, "GET  HTTP/1.1\r\nHost: test\r\n\r\n"),
        Hostile("a NUL in the target", 400, upgrade("GET /ec\0ho HTTP/1.1")),
        Hostile("a NUL in a value", 400, upgrade("GET /echo HTTP/1.1", "X: a\0b")),
        Hostile("a NUL in a name", 400, upgrade("GET /echo HTTP/1.1", "X\0: a")),
        Hostile("a carriage return in a value", 400, upgrade("GET /echo HTTP/1.1", "X: a\rb")),
        Hostile("a control character in a value", 400, upgrade("GET /echo HTTP/1.1", "X: a\u{1}b")),
        Hostile("a folded header", 400, upgrade("GET /echo HTTP/1.1", "X: a\r\n b")),
        Hostile("a blank before the colon", 400, upgrade("GET /echo HTTP/1.1", "X : a")),
        Hostile("a header without a colon", 400, upgrade("GET /echo HTTP/1.1", "nonsense")),
        Hostile("a header without a name", 400, upgrade("GET /echo HTTP/1.1", ": a")),
        Hostile("length and chunks", 400, upgrade("GET /echo HTTP/1.1", "Content-Length: 4\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"),
        Hostile("two lengths", 400, upgrade("GET /echo HTTP/1.1", "Content-Length: 0\r\nContent-Length: 4")),
        Hostile("a negative length", 400, upgrade("GET /echo HTTP/1.1", "Content-Length: -1")),
        Hostile("a length that overflows", 400, upgrade("GET /echo HTTP/1.1", "Content-Length: 99999999999999999999")),
        Hostile("chunks that are none", 400, upgrade("GET /echo HTTP/1.1", "Transfer-Encoding: chunked") + "zz\r\n"),
        Hostile("a body of no chunks", 400, upgrade("GET /echo HTTP/1.1", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
        Hostile("a body in another coding", 400, upgrade("GET /echo HTTP/1.1", "Transfer-Encoding: xchunked")),
        Hostile("a body", 400, upgrade("GET /echo HTTP/1.1", "Content-Length: 4") + "body"),
        Hostile("a huge header", 431, upgrade("GET /echo HTTP/1.1", "X: " + String(repeating: "x", count: 17_000))),
        Hostile("a huge name", 431, upgrade("GET /echo HTTP/1.1", String(repeating: "x", count: 17_000) + ": x")),
        Hostile("a huge cookie of many", 431, upgrade("GET /echo HTTP/1.1", (0..<2000).map { "C\($0): aaaa" }.joined(separator: "\r\n"))),
        Hostile("a huge target", 431, upgrade("GET /echo?" + String(repeating: "x", count: 17_000) + " HTTP/1.1")),
        Hostile("an identity that is none", 400, upgrade("GET /echo HTTP/1.1", "X-Username: a;b")),
        Hostile("an identity as a parameter that is none", 400, upgrade("GET /echo?X-Websocket-Header-X-Username=a%0d%0ab HTTP/1.1")),
        Hostile("TLS", 400, "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n"),
    ])
    func `A hostile request is refused, and the next client served`(hostile: Hostile) async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username")
        } _: { server in
            let client = try await server.dial()
            await client.post(ByteBuffer(string: hostile.request))
            #expect(try await client.response().status == hostile.status)
            #expect(server.server.places == 0)
            await client.cut()
            #expect(try await server.dial().upgrade([("X-Username", "ann")]).status == 101)
        }
    }

    @Test func `What stands behind a refused request is no request of its own, where its end is not sure`() async throws {
        let smuggled = RawClient.request("HEAD")
        for header in [
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked", "Content-Length: \(smuggled.utf8.count)",
        ] {
            try await ServerFixture.run { server in
                let client = try await server.dial()
                await client.post(ByteBuffer(string: Self.upgrade("GET /echo HTTP/1.1", header) + "0\r\n\r\n" + smuggled))
                #expect(try await client.response().status == 400)
                #expect(await client.awaitEnd() == 0)
                #expect(!server.kinds.contains { if case .probe = $0 { true } else { false } })
            }
        }
    }

    @Test func `Whoever sends requests without reading the answers is answered a bounded number`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.stopReading()
            await client.post(ByteBuffer(string: String(repeating: RawClient.request("GET", "/echo"), count: 20_000)))
            try await client.startReading()
            var answers = 0
            var last = try await client.response()
            while last.first("Connection") != "close" {
                #expect(last.status == 426)
                answers += 1
                last = try await client.response()
            }
            #expect(answers == 127)
            await client.awaitEnd()
            _ = try await server.acknowledged()
        }
    }

    @Test func `Requests that dribble keep nobody out, and are closed`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.handshakeWithin = .milliseconds(500)
            $0.limits.connections = 5
        } _: { server in
            var slow: [RawClient] = []
            for start in ["", "G", "GET /echo HTTP/1.1\r\nHost: te", "GET /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nbo"] {
                for _ in 0..<50 {
                    let client = try await server.dial()
                    if !start.isEmpty { try await client.write(start) }
                    slow.append(client)
                }
            }
            let served = try await server.member()
            #expect(try await served.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
            for client in slow { await client.awaitEnd() }
            #expect(try await served.ask("default;;echo;0;0;y") == ";default;;echo;0;0;y")
            #expect(server.server.places == 1)
        }
    }

    @Test func `Refused pages are said in the log, some of each minute's`() {
        let lines = LogLines()
        let refusals = RefusalLog()
        let start = NIODeadline.uptimeNanoseconds(60_000_000_000 * 5)
        for number in 0..<100 { refusals.warn("refused \(number)", at: start, logger: lines.logger) }
        #expect(lines.all == (0..<10).map { "refused \($0)" } + ["more was refused within this minute than is said here"])
        refusals.warn(String(repeating: "x", count: 10_000), at: start + .seconds(60), logger: lines.logger)
        #expect(lines.all.count == 12)
        #expect(lines.all.last?.count == 301)
    }
}
