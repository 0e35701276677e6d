import NIOCore
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// What an operator does to connections, over real sockets.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorCommandTests {
    static let all: [OperatorCommand.Action] = [
        .kick(code: 1000, reason: "", holdOff: 0), .disconnect(namespace: "default"), .join(namespace: "default", room: "r"),
        .leave(namespace: "default", room: "r"), .send(namespace: "default", room: "", event: "e", body: "b"),
        .broadcast(namespace: "default", room: "", event: "e", body: "b"), .ping, .tap(true), .tap(false), .pauseAdmission,
        .resumeAdmission, .drain, .drill(percent: 100, away: 0),
    ]

    // MARK: Refused

    @Test func `A server that is read-only refuses every command, says so in the feed, and nothing happens`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.isReadOnly = true
        } _: { server in
            let client = try await server.member(of: ["r"])
            #expect(server.server.isReadOnly)
            for action in Self.all {
                let outcome = await server.perform(action)
                #expect(outcome.isRefused && outcome.count == 0)
                #expect(outcome.result.hasPrefix("the server is read-only"))
            }
            let actions = await server.actions(Self.all.count)
            #expect(actions.map(\.action) == Self.all.map(\.name))
            #expect(actions.allSatisfy { $0.count == 0 && $0.result.hasPrefix("the server is read-only") && $0.by == "console" })
            #expect(try await client.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
            #expect(try await server.dial().http("HEAD").status == 302)
            // To look is allowed.
            #expect(await server.server.figures(of: nil).count == 1)
            #expect(await server.server.detail(of: await client.id) != nil)
        }
    }

    @Test(arguments: [
        (OperatorCommand.Action.kick(code: 1006, reason: "", holdOff: 0), "1006"), (.kick(code: 1005, reason: "", holdOff: 0), "1005"),
        (.kick(code: 999, reason: "", holdOff: 0), "999"), (.kick(code: 2000, reason: "", holdOff: 0), "2000"),
        (.kick(code: -1, reason: "", holdOff: 0), "-1"), (.kick(code: .max, reason: "", holdOff: 0), "code"),
        (.kick(code: 1000, reason: "", holdOff: -1), "held out"), (.kick(code: 1000, reason: "", holdOff: .max), "held out"),
        (.join(namespace: "no\u{1b}where", room: "r"), "no handler declares"), (.join(namespace: "default", room: ""), "a name"),
        (.leave(namespace: "default", room: ""), "a name"),
        (.send(namespace: "default", room: "", event: "", body: ""), "needs an event"),
        (.send(namespace: "default", room: "", event: "_OnRoomJoin", body: ""), "the protocol's own"),
        (.broadcast(namespace: "default", room: "", event: "_OnNativeMessage", body: ""), "the protocol's own"),
        (.broadcast(namespace: "default", room: "", event: "e", body: String(repeating: "x", count: 2 << 20)), "bytes"),
        (.drill(percent: 0, away: 0), "percent"), (.drill(percent: .nan, away: 0), "percent"), (.drill(percent: 101, away: 0), "percent"),
        (.drill(percent: 50, away: -1), "an hour"), (.drill(percent: 50, away: .max), "an hour"),
    ])
    func `A command that cannot be done is refused with a sentence, and changes nothing`(
        action: OperatorCommand.Action, reason: String
    ) async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let outcome = await server.perform(action)
            #expect(outcome.isRefused && outcome.count == 0)
            #expect(outcome.result.contains(reason))
            let actions = await server.actions(1)
            #expect(actions.count == 1 && actions[0].result.utf8.count <= OperatorText.mostTextBytes)
            #expect(try await client.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
        }
    }

    @Test func `Whom nobody knows, and filters, which the engine does not know, are refused`() async throws {
        try await ServerFixture.run { server in
            #expect(await server.perform(.ping).result == "nobody is connected")
            _ = try await server.member()
            let long = String(repeating: "é", count: 5000)
            for targets in [OperatorCommand.Targets.matching("ip:10."), .connections([]), .connections([long]), .connections(["a", "b"])] {
                let outcome = await server.perform(.ping, targets)
                #expect(outcome.isRefused)
                #expect(outcome.result.utf8.count < 400)
            }
            let actions = await server.actions(5)
            #expect(actions.map(\.target).prefix(2) == ["all", "matching ip:10."])
            #expect(actions[3].target.utf8.count <= OperatorText.mostNameBytes)
            #expect(actions[4].target == "2 connections")
        }
    }

    @Test func `A server that has stopped does nothing any more`() async throws {
        try await ServerFixture.run { server in
            await server.server.shutdown(grace: .zero)
            for action in Self.all { #expect(await server.perform(action).result == "the server is not running") }
        }
    }

    // MARK: Done

    @Test func `Many are kicked on all loops, each once, and the event tells how many`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            var clients: [RawClient] = []
            for _ in 0..<20 { clients.append(try await server.member()) }
            var ids: [String] = []
            for client in clients.prefix(12) { ids.append(await client.id) }
            let outcome = await server.perform(.kick(code: 1008, reason: "bye", holdOff: 0), .connections(ids + ids + ["unknown"]))
            #expect(outcome == OperatorOutcome(count: 12))
            for client in clients.prefix(12) { #expect(try await client.closed() == (.policyViolation, "bye")) }
            #expect(try await clients[15].ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
            #expect(await server.actions(1) == [.init(action: "kick", by: "console", target: "12 connections", count: 12, result: "done")])
            for id in ids { #expect(try await server.closed(id).by == .operator) }
        }
    }

    @Test func `A client is put into a namespace and a room, and taken out again`() async throws {
        try await ServerFixture.run { server in
            let client = try ClientFixture.client(server.server.url)
            try await client.connect()
            let id = client.id
            let who = OperatorCommand.Targets.connections([id])
            #expect(await server.perform(.join(namespace: "default", room: "lobby"), who) == OperatorOutcome(count: 1))
            #expect(await server.wait { $0 == .roomJoined(.init(connection: id, namespace: "default", room: "lobby")) })
            #expect(await server.server.memberCount(of: "default", room: "lobby") == 1)
            #expect(await server.perform(.leave(namespace: "default", room: "lobby"), who) == OperatorOutcome(count: 1))
            #expect(await server.server.memberCount(of: "default", room: "lobby") == 0)
            let absent = await server.perform(.leave(namespace: "default", room: "lobby"), who)
            #expect(absent == OperatorOutcome(count: 0, result: "it is not there", isRefused: true))
            #expect(await server.perform(.disconnect(namespace: "default"), who) == OperatorOutcome(count: 1))
            #expect(await server.server.memberCount(of: "default") == 0)
            let targets = await server.actions(4).map(\.target)
            #expect(
                targets == ["\(id) in default/lobby", "\(id) in default/lobby", "\(id) in default/lobby", "\(id) in default"])
            await client.close()
        }
    }

    @Test func `A client that refuses a room, and one that never answers, are told of`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            async let joining = server.perform(.join(namespace: "default", room: "r"), .connections([await client.id]))
            let ask = try await client.text()
            let token = ask.prefix { $0 != ";" }
            try await client.send("\(token);default;r;_OnRoomJoin;1;0;no room for me")
            #expect(await joining == OperatorOutcome(count: 0, result: "no room for me", isRefused: true))
            // The end of the connection ends the wait.
            async let leaving = server.perform(.disconnect(namespace: "default"), .connections([await client.id]))
            _ = try await client.text()
            await client.cut()
            let outcome = await leaving
            #expect(outcome.count == 0 && outcome.result.contains("write closed"))
        }
    }

    @Test func `A message goes to the targets that are there, a broadcast to the members`() async throws {
        try await ServerFixture.run { server in
            let one = try await server.member(of: ["r"])
            let two = try await server.member()
            let three = try await server.acknowledged()
            #expect(await server.perform(.send(namespace: "default", room: "", event: "hey", body: "a;b")).result == "2 of 3; 1 not there")
            for client in [one, two] { #expect(try await client.text() == ";default;;hey;0;0;a;b") }
            let only = await server.perform(.send(namespace: "default", room: "", event: "x", body: ""), .connections([await three.id]))
            #expect(only.isRefused)
            #expect(await server.perform(.broadcast(namespace: "default", room: "r", event: "yo", body: "")) == OperatorOutcome(count: 1))
            #expect(try await one.text() == ";default;r;yo;0;0;")
            #expect(await server.perform(.broadcast(namespace: "default", room: "none", event: "yo", body: "")).isRefused)
            #expect(try await two.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
            #expect(await server.actions(4)[2].target == "default/r yo")
        }
    }

    @Test func `What became of many is one sentence`() {
        #expect(OperatorText.outcome(of: [.done, .done], total: 2) == OperatorOutcome(count: 2))
        #expect(
            OperatorText.outcome(of: [.done, .absent, .failed("no"), .failed("never")], total: 4).result
                == "1 of 4; 1 not there; 2 failed: no")
        #expect(OperatorText.outcome(of: [.absent, .absent], total: 2) == .refused("2 not there"))
        #expect(OperatorText.outcome(of: [.done], total: 3) == OperatorOutcome(count: 1, result: "1 of 3; 2 failed: given up"))
    }

    @Test func `What an operator is called, and its words, cannot grow the feed`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let long = String(repeating: "ü", count: 100_000)
            let command = OperatorCommand(
                .kick(code: 3000, reason: long, holdOff: 0), targets: .connections([await client.id]), by: long)
            #expect(await server.server.perform(command).count == 1)
            let (code, reason) = try await client.closed()
            #expect(code == CloseCode(rawValue: 3000) && reason.utf8.count <= 123)
            #expect(await server.actions(1)[0].by.utf8.count <= OperatorText.mostNameBytes)
            let closed = try await server.closed(await client.id)
            #expect((closed.reason ?? "").utf8.count <= 123)
        }
    }
}
