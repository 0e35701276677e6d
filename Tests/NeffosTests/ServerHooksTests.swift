import NIOCore
import NIOHTTP1
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// What an application decides and hears, over real sockets.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerHooksTests {
    private static func handlers(_ namespaces: String...) -> EventHandlers {
        var handlers = EventHandlers()
        for namespace in namespaces { handlers.declare(namespace) }
        return handlers
    }

    // MARK: Ids

    private static func id(_ server: ServerFixture, _ headers: [(String, String)] = []) async throws -> String {
        try await server.acknowledged(headers).id
    }

    @Test func `An id comes from the request, and one in use gets a number`() async throws {
        var hooks = ServerHooks()
        hooks.makeID = { $0.header("X-Seat").map { "seat-\($0)" } }
        try await ServerFixture.run(hooks: hooks) { server in
            let ids = [
                try await Self.id(server, [("X-Seat", "7")]), try await Self.id(server, [("X-Seat", "7")]), try await Self.id(server),
            ]
            #expect(ids[0...1] == ["seat-7", "seat-7#2"])
            // Nil leaves it at a UUID.
            #expect(ids[2].utf8.count == 36)
        }
    }

    @Test(arguments: ["", "a;b", "neffos(0x1)", String(repeating: "x", count: 129)])
    func `A malformed id refuses the upgrade, and its place is free again`(id: String) async throws {
        var hooks = ServerHooks()
        hooks.makeID = { _ in id }
        try await ServerFixture.run(hooks: hooks) { server in
            let answer = try await server.dial().upgrade()
            #expect(answer.status == 400)
            #expect(server.server.places == 0)
        }
    }

    // MARK: Authorization

    @Test func `Authorization answers before any frame, with its own status, headers and body`() async throws {
        var hooks = ServerHooks()
        let errors = Reports<UpgradeError>()
        hooks.authorize = { request in
            await Task.yield()
            guard request.header("Authorization") == "Bearer good" else {
                return .refuse(reason: "who are you", headers: ["WWW-Authenticate": "Bearer"])
            }
            return .accept(key: "ann", headers: ["Set-Cookie": "seat=7", "Upgrade": "no"])
        }
        hooks.onUpgradeError = { errors.add($0) }
        try await ServerFixture.run(hooks: hooks) { server in
            let refused = try await server.dial()
            let answer = try await refused.upgrade([("X-Websocket-Reconnect", "3")])
            #expect(answer.status == 401)
            #expect(answer.first("WWW-Authenticate") == "Bearer")
            #expect(answer.body == "who are you\n")
            #expect(await refused.awaitEnd() == 0)
            let error = try #require(await errors.next())
            #expect(error.status == 401 && error.tries == 3 && !error.isTryingToReconnect && error.remote == refused.local)
            #expect(
                await server.wait { if case .connectionRejected(let event) = $0 { event.status == 401 && event.tries == 3 } else { false } }
            )
            #expect(server.server.places == 0)

            let accepted = try await server.dial()
            let welcome = try await accepted.upgrade([("Authorization", "Bearer good")])
            #expect(welcome.status == 101)
            #expect(welcome.first("Set-Cookie") == "seat=7")
            #expect(welcome.first("Upgrade") == "websocket")
            try await accepted.acknowledge()
            #expect(server.server.connection(await accepted.id)?.key == "ann")
        }
    }

    @Test func `What comes behind an upgrade that is being decided is not lost`() async throws {
        let gate = Gate()
        var hooks = ServerHooks()
        hooks.authorize = { _ in
            await gate.pass()
            return .accept()
        }
        try await ServerFixture.run(hooks: hooks) { server in
            let client = try await server.dial()
            try await client.write(RawClient.upgradeRequest())
            try await eventually { server.server.places == 1 }
            try await client.write(RawClient.frame("M"))
            gate.open()
            #expect(try await client.response().status == 101)
            #expect(try await client.text().hasPrefix("A"))
        }
    }

    @Test func `Authorization that throws is a 500, and one whose client has gone gives its place back`() async throws {
        let gate = Gate()
        var hooks = ServerHooks()
        hooks.authorize = { request in
            if request.target.hasSuffix("?fails") { throw RawError.ended }
            await gate.pass()
            return .accept()
        }
        try await ServerFixture.run(hooks: hooks) { server in
            #expect(try await server.dial().upgrade(target: "/echo?fails").status == 500)
            let client = try await server.dial()
            try await client.write(RawClient.upgradeRequest())
            try await eventually { server.server.places == 1 }
            await client.cut()
            // Reads are withheld while it is decided: the end of TCP is seen when the decision is carried out.
            gate.open()
            try await eventually { server.server.places == 0 }
            #expect(server.server.connectionCount == 0)
        }
    }

    // MARK: Welcome

    @Test func `onConnect refuses with its error, and nobody hears of the end of who was never in`() async throws {
        var hooks = ServerHooks()
        let ends = Reports<String>()
        hooks.onConnect = { connection in
            await Task.yield()
            if connection.request["X-Role"] != "member" { throw NeffosError("members only") }
            return Welcome()
        }
        hooks.onDisconnect = { connection, info in ends.add("\(connection.id) \(info.code.rawValue)") }
        try await ServerFixture.run(hooks: hooks) { server in
            let refused = try await server.upgraded()
            try await refused.write(RawClient.frame("M"))
            #expect(try await refused.text() == "Hmembers only")
            #expect(try await refused.closed() == (.policyViolation, "members only"))
            let member = try await server.acknowledged([("X-Role", "member")])
            try await member.write(RawClient.closeFrame(.normal))
            #expect(await ends.next() == "\(await member.id) 1000")
        }
    }

    @Test func `A welcome connects and joins after the ack, one after the other, and a no of the client stops nothing`() async throws {
        var hooks = ServerHooks()
        let connected = Reports<[String]>()
        hooks.onConnect = { _ in Welcome(connect: ["one", "two"], join: ["two": ["r"]]) }
        hooks.onConnected = { connection in connected.add(await connection.namespaces) }
        try await ServerFixture.run(Self.handlers("one", "two"), hooks: hooks) { server in
            let client = try await server.acknowledged()
            let first = try await client.text()
            #expect(first.hasSuffix(";one;;_OnNamespaceConnect;0;0;"))
            let token = try #require(first.split(separator: ";").first)
            try await client.send("\(token);one;;_OnNamespaceConnect;1;0;not me")
            for (namespace, room, event) in [("two", "", "_OnNamespaceConnect"), ("two", "r", "_OnRoomJoin")] {
                let ask = try await client.text()
                #expect(ask.hasSuffix(";\(namespace);\(room);\(event);0;0;"))
                try await client.send("\(try #require(ask.split(separator: ";").first));;;;;;")
            }
            #expect(await connected.next() == ["two"])
            #expect(await server.server.rooms(in: "two") == ["r": 1])
        }
    }

    @Test func `onConnect that does not decide in time is ours to answer for`() async throws {
        let gate = Gate()
        var hooks = ServerHooks()
        hooks.onConnect = { _ in
            await gate.pass()
            return Welcome()
        }
        try await ServerFixture.run(hooks: hooks) {
            $0.limits.ackWithin = .milliseconds(1)
        } _: { server in
            let client = try await server.upgraded()
            try await client.write(RawClient.frame("M"))
            #expect(try await client.closed().code == .internalError)
            gate.open()
            #expect(!server.kinds.contains { $0.typeName == "protocol.violation" })
        }
    }

    @Test func `A refusal of native messages, which know no ack, is a close`() async throws {
        var handlers = EventHandlers()
        handlers.on(SystemEventName.nativeMessage, in: "") { _, message in .body(message.body) }
        var hooks = ServerHooks()
        hooks.onConnect = { connection in
            if connection.request["X-Role"] == nil { throw NeffosError("members only") }
            return Welcome()
        }
        try await ServerFixture.run(handlers, hooks: hooks) { server in
            #expect(try await server.upgraded().closed() == (.policyViolation, "members only"))
            let member = try await server.upgraded([("X-Role", "member")])
            try await member.send("hi")
            #expect(try await member.text() == "hi")
        }
    }

    // MARK: Failed upgrades

    @Test func `A reconnect probe is told from a failed upgrade`() async throws {
        var hooks = ServerHooks()
        let errors = Reports<UpgradeError>()
        hooks.onUpgradeError = { errors.add($0) }
        try await ServerFixture.run(hooks: hooks) { server in
            let answer = try await server.dial().http("HEAD")
            #expect(answer.status == 302)
            let probe = try #require(await errors.next())
            #expect(probe.isTryingToReconnect && probe.status == 302)
            #expect(try await server.dial().upgrade([("Origin", "http://elsewhere")]).status == 403)
            let refused = try #require(await errors.next())
            #expect(!refused.isTryingToReconnect && refused.status == 403)
            #expect("\(refused)".contains("elsewhere"))
        }
    }

    @Test func `A subprotocol is the first of ours that the client offers`() async throws {
        try await ServerFixture.run {
            $0.subprotocols = ["v2.neffos", "neffos"]
        } _: { server in
            #expect(try await server.dial().upgrade().first("Sec-WebSocket-Protocol") == nil)
            #expect(try await server.dial().upgrade([("Sec-WebSocket-Protocol", "other")]).first("Sec-WebSocket-Protocol") == nil)
            let both = try await server.dial().upgrade([("Sec-WebSocket-Protocol", "neffos, v2.neffos")])
            #expect(both.first("Sec-WebSocket-Protocol") == "v2.neffos")
        }
    }
}
