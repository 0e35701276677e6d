import NIOCore
import Neffos
import NeffosFeed
import TestSupport
import Testing

/// Protocol section 1, on the wire.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerUpgradeTests {
    @Test func `A probe is answered without location, body or id, and published`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            let response = try await client.http("HEAD", "/echo", [("Host", "test"), ("User-Agent", "prober")])
            #expect(response.status == 302)
            #expect(response.first("Content-Length") == "0")
            #expect(response.first("Location") == nil)
            #expect(response.first("Transfer-Encoding") == nil)
            let local = client.local
            #expect(await server.wait { $0 == .probe(.init(remote: local, userAgent: "prober", admitted: true)) })
        }
    }

    @Test func `A probe and then an upgrade work on one connection, and so do refusals between them`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.http("GET").status == 426)
            #expect(try await client.http("POST").status == 405)
            #expect(try await client.http("GET", "/other").status == 404)
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
            try await client.acknowledge()
        }
    }

    @Test func `A refused upgrade leaves its connection usable`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            #expect(try await client.upgrade([("Origin", "http://elsewhere")]).status == 403)
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
            try await client.acknowledge()
            let local = client.local
            #expect(
                await server.wait {
                    $0 == .connectionRejected(.init(remote: local, status: 403, reason: "origin http://elsewhere is not allowed", tries: 0))
                })
        }
    }

    private static let refusedUpgrade = RawClient.request(
        "GET", "/echo", [("Host", "test"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "12")])

    @Test func `Refused upgrades in one read are all answered, and what comes behind them too`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write(Self.refusedUpgrade + Self.refusedUpgrade + Self.refusedUpgrade + RawClient.request("HEAD"))
            for _ in 0..<3 { #expect(try await client.response().status == 426) }
            #expect(try await client.response(toHead: true).status == 302)
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
            try await client.acknowledge()
        }
    }

    @Test func `An upgrade behind a refused one in the same read is a connection, and loses nothing that comes with it`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            var bytes = ByteBuffer(string: Self.refusedUpgrade + RawClient.upgradeRequest())
            bytes.writeImmutableBuffer(RawClient.frame("M"))
            try await client.write(bytes)
            #expect(try await client.response().status == 426)
            #expect(try await client.response().status == 101)
            #expect(try await client.text().hasPrefix("A"))
            try await client.enter("default")
        }
    }

    @Test func `After two refused upgrades in one read their connection is usable`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write(Self.refusedUpgrade + Self.refusedUpgrade)
            for _ in 0..<2 { #expect(try await client.response().status == 426) }
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
            try await client.acknowledge()
        }
    }

    @Test func `The answer to a HEAD has no body, not even a refusal`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write(RawClient.request("HEAD", "/other") + RawClient.request("HEAD"))
            #expect(try await client.response(toHead: true).status == 404)
            #expect(try await client.response(toHead: true).status == 302)
        }
    }

    @Test func `A method that is not allowed is told which is`() async throws {
        try await ServerFixture.run { server in
            let response = try await server.dial().http("PUT")
            #expect(response.status == 405)
            #expect(response.first("Allow") == "GET")
            #expect(response.first("X-Content-Type-Options") == "nosniff")
            #expect(response.body == "Method Not Allowed\n")
        }
    }

    @Test func `A GET without an upgrade is told what to upgrade to`() async throws {
        try await ServerFixture.run { server in
            let response = try await server.dial().http("GET")
            #expect(response.status == 426)
            #expect(response.first("Upgrade") == "websocket")
            #expect(response.first("Sec-WebSocket-Version") == "13")
        }
    }

    @Test func `An upgrade is answered with the accept key`() async throws {
        try await ServerFixture.run { server in
            let response = try await server.dial().upgrade()
            #expect(response.first("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(response.first("Upgrade") == "websocket")
        }
    }

    @Test func `Frames right behind the upgrade request are not lost, and are answered at once`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            var bytes = ByteBuffer(string: RawClient.upgradeRequest())
            bytes.writeImmutableBuffer(RawClient.frames(["M", "$1;default;;_OnNamespaceConnect;0;0;", "$2;default;;echo;0;0;hi"]))
            try await client.write(bytes)
            #expect(try await client.response().status == 101)
            #expect(try await client.text().hasPrefix("A"))
            #expect(try await client.texts(2) == ["$1;;;;;;", "$2;default;;echo;0;0;hi"])
            // Nothing of the read is left open: what is sent from outside leaves too.
            server.server.broadcast(.init(namespace: "default", event: "news"))
            #expect(try await client.text() == ";default;;news;0;0;")
        }
    }

    @Test func `An upgrade with a body is refused`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write(RawClient.upgradeRequest("/echo", [("Content-Length", "4")]) + "body")
            #expect(try await client.response().status == 400)
            await client.awaitEnd()
        }
    }

    @Test func `A request with a body is answered, and its connection then closed`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write(RawClient.request("GET", "/echo", [("Host", "test"), ("Content-Length", "4")]) + "body")
            let response = try await client.response()
            #expect(response.status == 426)
            #expect(response.first("Connection") == "close")
            await client.awaitEnd()
        }
    }

    @Test func `Headers over 16 KiB are refused with 431, however much comes behind them`() async throws {
        try await ServerFixture.run { server in
            for size in [17_000, 2_000_000] {
                let client = try await server.dial()
                await client.post(
                    ByteBuffer(string: RawClient.request("GET", "/echo", [("Host", "test"), ("X", String(repeating: "x", count: size))])))
                #expect(try await client.response().status == 431)
                await client.awaitEnd()
            }
            #expect(await server.wait { if case .connectionRejected(let event) = $0 { event.status == 431 } else { false } })
        }
    }

    @Test func `A URL that is too long is refused`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            await client.post(ByteBuffer(string: RawClient.request("HEAD", "/echo?" + String(repeating: "x", count: 20_000))))
            #expect(try await client.response(toHead: false).status == 431)
            await client.awaitEnd()
        }
    }

    @Test func `What is no HTTP is refused with 400`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            try await client.write("\u{16}\u{3}\u{1} what is this\r\n\r\n")
            #expect(try await client.response().status == 400)
            await client.awaitEnd()
        }
    }

    @Test func `A connection that says nothing, or dribbles a request, is closed`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.handshakeWithin = .milliseconds(50)
        } _: { server in
            let silent = try await server.dial()
            let slow = try await server.dial()
            try? await slow.write("GET /echo HTTP/1.1\r\nHost: te")
            await silent.awaitEnd()
            await slow.awaitEnd()
        }
    }

    @Test func `Without a bound for the handshake nobody is closed for it`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.handshakeWithin = .zero
        } _: { server in
            let client = try await server.dial()
            #expect(try await client.http("HEAD").status == 302)
            #expect(try await client.upgrade().status == 101)
        }
    }

    @Test func `Requests behind a held probe are answered after it, in order`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.admitPerSecond = 1
        } _: { server in
            #expect(try await server.dial().http("HEAD").status == 302)
            let client = try await server.dial()
            try await client.write(RawClient.request("HEAD") + RawClient.request("GET", "/other") + RawClient.upgradeRequest())
            // While reads are withheld, for the connection to find.
            try await eventually { server.server.places == 2 }
            try await client.write(RawClient.frame("M"))
            #expect(try await client.response(toHead: true).status == 302)
            #expect(try await client.response().status == 404)
            #expect(try await client.response().status == 101)
            #expect(try await client.text().hasPrefix("A"))
            #expect(await server.wait { if case .probe(let probe) = $0 { probe.admitted && probe.held > 0 } else { false } })
        }
    }

    @Test func `Too many requests behind a held probe close the connection`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.admitPerSecond = 1
        } _: { server in
            let client = try await server.dial()
            #expect(try await client.http("HEAD").status == 302)
            try await client.write(String(repeating: RawClient.request("HEAD"), count: 40))
            await client.awaitEnd()
            #expect(await server.wait { if case .probe(let probe) = $0 { !probe.admitted } else { false } })
        }
    }

    @Test func `A header's tries are believed over a parameter's, and nonsense is published`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            let target = "/echo?X-Websocket-Header-X-Websocket-Reconnect=9"
            #expect(try await client.upgrade([("X-Websocket-Reconnect", "many")], target: target).status == 101)
            try await client.acknowledge()
            let id = await client.id
            #expect(
                await server.wait {
                    if case .protocolViolation(let event) = $0 { event.connection == id && event.kind == "tries" } else { false }
                })
            #expect(server.types(of: id).prefix(2) == ["connection.opened", "protocol.violation"])
            let opened = server.kinds.compactMap { if case .connectionOpened(let event) = $0 { event } else { nil } }
            #expect(opened.map(\.tries) == [0])
        }
    }

    @Test func `A parameter's tries are taken, and published with the connection`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            #expect(try await client.upgrade([], target: "/echo?X-Websocket-Header-X-Websocket-Reconnect=5").status == 101)
            #expect(await server.wait { if case .connectionOpened(let event) = $0 { event.tries == 5 } else { false } })
        }
    }

    @Test func `An id that is in use gets a number`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username", use: .id)
        } _: { server in
            var ids: [String] = []
            for _ in 0..<3 {
                let client = try await server.acknowledged([("X-Username", "ann")])
                ids.append(await client.id)
            }
            #expect(ids == ["ann", "ann#2", "ann#3"])
        }
    }

    @Test func `A malformed identity is refused and published`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username")
        } _: { server in
            let client = try await server.dial()
            #expect(try await client.upgrade([("X-Username", "a;b"), ("X-Websocket-Reconnect", "2")]).status == 400)
            let local = client.local
            #expect(
                await server.wait {
                    $0 == .connectionRejected(.init(remote: local, status: 400, reason: "malformed identity", tries: 2))
                })
        }
    }
}
