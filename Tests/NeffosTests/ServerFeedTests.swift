import Neffos
import NeffosFeed
import TestSupport
import Testing

/// What the feed tells of connections: cli.md section 3.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerFeedTests {
    @Test func `A whole life is told in order, with right counters`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username", use: .key)
        } _: { server in
            let client = try await server.member(
                of: ["r", "s"], [("X-Username", "ann"), ("User-Agent", "test/1"), ("X-Websocket-Reconnect", "3")])
            #expect(try await client.ask("default;r;_OnRoomLeave;0;0;") == ";;;;;;")
            #expect(try await client.ask("default;s;echo;0;0;hello") == ";default;s;echo;0;0;hello")
            try await client.write(RawClient.closeFrame(.normal, "done"))
            let id = await client.id
            let closed = try await server.closed(id)
            let events = server.kinds.filter { $0.connection == id }
            guard case .connectionOpened(let opened) = events.first, case .connectionAcknowledged(_, let after) = events[1] else {
                return #expect(Bool(false))
            }
            #expect(
                opened == .init(connection: id, key: "ann", remote: client.local, userAgent: "test/1", tries: 3))
            #expect(after >= 0)
            #expect(
                Array(events[2...].dropLast()) == [
                    .namespaceConnected(.init(connection: id, namespace: "default")),
                    .roomJoined(.init(connection: id, namespace: "default", room: "r")),
                    .roomJoined(.init(connection: id, namespace: "default", room: "s")),
                    .roomLeft(.init(connection: id, namespace: "default", room: "r")),
                    .roomLeft(.init(connection: id, namespace: "default", room: "s", forced: true)),
                    .namespaceDisconnected(.init(connection: id, namespace: "default", forced: true)),
                ])
            #expect(events.last == .connectionClosed(closed))
            #expect(closed.code == 1000)
            #expect(closed.reason == "done")
            #expect(closed.by == .client)
            #expect([closed.messagesIn, closed.messagesOut] == [5, 5])
            let asks = [
                "$1;default;;_OnNamespaceConnect;0;0;", "$2;default;r;_OnRoomJoin;0;0;", "$3;default;s;_OnRoomJoin;0;0;",
                "$4;default;r;_OnRoomLeave;0;0;", "$5;default;s;echo;0;0;hello",
            ]
            #expect(closed.bytesIn == asks.reduce(0) { $0 + $1.utf8.count })
            #expect(closed.bytesOut == 4 * "$1;;;;;;".utf8.count + "$5;default;s;echo;0;0;hello".utf8.count)
        }
    }

    @Test func `A namespace that is left on request takes its rooms along, forced`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member(of: ["r"])
            #expect(try await client.ask("default;;_OnNamespaceDisconnect;0;0;") == ";;;;;;")
            await client.cut()
            let id = await client.id
            _ = try await server.closed(id)
            #expect(
                server.kinds.filter { $0.connection == id }.dropFirst(4).dropLast() == [
                    .roomLeft(.init(connection: id, namespace: "default", room: "r", forced: true)),
                    .namespaceDisconnected(.init(connection: id, namespace: "default", forced: false)),
                ])
        }
    }

    @Test func `A previous id is believed once, and only if it was lost`() async throws {
        try await ServerFixture.run { server in
            server.server.rememberLost(["from-an-earlier-run"])
            func opened(_ previous: String) async throws -> String? {
                let client = try await server.acknowledged([("X-Websocket-Previous", previous)])
                let id = await client.id
                #expect(await server.wait { $0.connection == id })
                for kind in server.kinds { if case .connectionOpened(let event) = kind, event.connection == id { return event.previous } }
                return nil
            }
            let lost = try await server.member()
            let id = await lost.id
            #expect(try await opened(id) == nil)
            await lost.cut()
            _ = try await server.closed(id)
            // The event comes a moment before the id is free to claim.
            try await eventually { server.server.connection(id) == nil }
            #expect(try await opened(id) == id)
            #expect(try await opened(id) == nil)
            #expect(try await opened("from-an-earlier-run") == "from-an-earlier-run")
            #expect(try await opened("made-up") == nil)

            let left = try await server.member()
            try await left.write(RawClient.closeFrame(.normal))
            _ = try await server.closed(left.id)
            try await eventually { server.server.connection(await left.id) == nil }
            #expect(try await opened(await left.id) == nil)
        }
    }

    @Test func `Who is back under the very id leaves nothing for others to claim`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username", use: .id)
        } _: { server in
            server.server.rememberLost(["ann"])
            _ = try await server.acknowledged([("X-Username", "ann")])
            let other = try await server.acknowledged([("X-Username", "eve"), ("X-Websocket-Previous", "ann")])
            let local = other.local
            #expect(
                await server.wait { $0 == .connectionOpened(.init(connection: "eve", key: "eve", remote: local, userAgent: nil, tries: 0)) }
            )
        }
    }

    @Test func `Without an identity the key is address and agent`() async throws {
        try await ServerFixture.run { server in
            _ = try await server.acknowledged([("User-Agent", "test/1")])
            _ = try await server.acknowledged()
            #expect(await server.wait { if case .connectionOpened(let event) = $0 { event.key == "127.0.0.1 test/1" } else { false } })
            #expect(await server.wait { if case .connectionOpened(let event) = $0 { event.key == "127.0.0.1" } else { false } })
        }
    }

    @Test func `A snapshot tells of each connection what its events have told`() async throws {
        try await ServerFixture.run { server in
            server.server.rememberLost(["lost"])
            let before = FeedTime.now()
            let member = try await server.member(
                of: ["r"], [("User-Agent", "test/1"), ("X-Websocket-Previous", "lost"), ("X-Websocket-Reconnect", "3")])
            let silent = try await server.upgraded()
            try await eventually { server.server.connectionCount == 2 }
            let after = FeedTime.now()
            server.feed.requestSnapshot()
            #expect(await server.sink.wait(for: "snapshot") != nil)
            let (id, local, other) = (await member.id, member.local, silent.local)
            for case .snapshot(let snapshot) in server.kinds {
                #expect(snapshot.connections.count == 2)
                var one = try #require(snapshot.connections.first { $0.connection == id })
                let opened = try #require(one.opened)
                #expect(opened.milliseconds >= before.milliseconds - 50 && opened.milliseconds <= after.milliseconds + 50)
                one.opened = nil
                #expect(
                    one
                        == .init(
                            connection: id, key: "127.0.0.1 test/1", remote: local, userAgent: "test/1", tries: 3, acknowledged: true,
                            tls: false, previous: "lost", namespaces: ["default": ["r"]]))
                #expect(snapshot.connections.first { $0.remote == other }?.acknowledged == false)
            }
        }
    }

    @Test func `A sample tells how long the slowest handler took that may wait`() async throws {
        var handlers = EventHandlers()
        handlers.on("wait", in: "default") { _, message async throws -> Reply in .body(message.body) }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: [])
            #expect(try await client.ask("default;;wait;0;0;x") == ";default;;wait;0;0;x")
            #expect(await server.wait { if case .sample(let sample) = $0 { sample.slowestHandler > 0 } else { false } })
        }
    }

    @Test func `A sample counts connections, namespaces and rooms`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            _ = try await server.member(of: ["r", "s"])
            _ = try await server.member(of: ["r"])
            #expect(
                await server.wait {
                    if case .sample(let sample) = $0 { [sample.connections, sample.namespaces, sample.rooms] == [2, 1, 2] } else { false }
                })
        }
    }
}
