import NIOCore
import NeffosFeed
import Synchronization
import TestSupport
import Testing

@testable import Neffos

/// Who is held out, for how long, and by what it is known.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorHoldOutTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `A client is held out for its time, and then forgotten`() {
        var held = HoldOuts()
        #expect(held.hold(.key("ann"), until: start + .seconds(10), at: start) == true)
        #expect(held.isHeld(.key("ann"), at: start) == true)
        #expect(held.isHeld(.id("ann"), at: start) == false)
        #expect(held.isHeld(.key("bob"), at: start) == false)
        #expect(held.isHeld(.key("ann"), at: start + .seconds(10) - .nanoseconds(1)) == true)
        #expect(held.isHeld(.key("ann"), at: start + .seconds(10)) == false)
        #expect(held.isHeld(.key("bob"), at: start + .seconds(12)) == false)
        #expect(held.count == 0)
    }

    @Test func `A shorter time does not end a longer one`() {
        var held = HoldOuts()
        #expect(held.hold(.address("10.0.0.1"), until: start + .seconds(60), at: start) == true)
        #expect(held.hold(.address("10.0.0.1"), until: start + .seconds(5), at: start) == true)
        #expect(held.isHeld(.address("10.0.0.1"), at: start + .seconds(30)) == true)
        #expect(held.hold(.key("x"), until: start, at: start) == true)
        #expect(held.isHeld(.key("x"), at: start) == false)
    }

    @Test func `As many are remembered as there may be, and a new one has room once others are over`() {
        var held = HoldOuts()
        for number in 0..<HoldOuts.most {
            #expect(held.hold(.id("\(number)"), until: start + .seconds(Int64(1 + number % 100)), at: start) == true)
        }
        #expect(held.hold(.key("one more"), until: start + .seconds(5), at: start) == false)
        #expect(held.hold(.id("7"), until: start + .seconds(500), at: start) == true)
        #expect(held.count == HoldOuts.most)
        #expect(held.hold(.key("one more"), until: start + .seconds(500), at: start + .seconds(50)) == true)
        #expect(held.count < HoldOuts.most)
        #expect(held.isHeld(.id("7"), at: start + .seconds(200)) == true)
        #expect(held.count == 2)
    }

    // MARK: On a server

    @Test func `A kicked client with an identity is refused under any address, and others of its address are not`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity = .init(header: "X-Username")
        } _: { server in
            let ann = try await server.member([("X-Username", "ann")])
            let bob = try await server.member([("X-Username", "bob")])
            let outcome = await server.perform(.kick(code: 4000, reason: "enough", holdOff: 600_000), .connections([await ann.id]))
            #expect(outcome == OperatorOutcome(count: 1))
            #expect(try await ann.closed() == (CloseCode(rawValue: 4000), "enough"))
            let closed = try await server.closed(await ann.id)
            #expect(closed.by == .operator && closed.code == 4000 && closed.reason == "enough")
            let again = try await server.dial().upgrade([("X-Username", "ann")])
            #expect(again.status == 403)
            #expect(again.body == "held out by an operator\n")
            #expect(
                await server.wait {
                    if case .connectionRejected(let event) = $0 { event.reason == "held out by an operator" } else { false }
                })
            // A HEAD shows no identity, and is answered.
            #expect(try await server.dial().http("HEAD").status == 302)
            #expect(try await server.dial().upgrade([("X-Username", "eve")]).status == 101)
            #expect(server.server.connection(await bob.id) != nil)
            #expect(server.server.admission.withLock { $0.connections } == 2)
        }
    }

    @Test func `An identity that the application finds out later is held out, too`() async throws {
        var hooks = ServerHooks()
        hooks.authorize = { .accept(key: $0.header("X-Token")) }
        try await ServerFixture.run(hooks: hooks) { server in
            let ann = try await server.member([("X-Token", "ann")])
            #expect(await server.perform(.kick(code: 1008, reason: "", holdOff: 600_000), .connections([await ann.id])).count == 1)
            #expect(try await server.dial().upgrade([("X-Token", "ann")]).status == 403)
            #expect(try await server.dial().upgrade([("X-Token", "bob")]).status == 101)
        }
    }

    @Test func `A client that asks for its id is known by that, its number aside`() async throws {
        var hooks = ServerHooks()
        hooks.makeID = { $0.header("X-Seat") }
        try await ServerFixture.run(hooks: hooks) { server in
            _ = try await server.member([("X-Seat", "7")])
            let second = try await server.member([("X-Seat", "7")])
            #expect(await second.id == "7#2")
            #expect(await server.perform(.kick(code: 1008, reason: "", holdOff: 600_000), .connections(["7#2"])).count == 1)
            #expect(try await server.dial().upgrade([("X-Seat", "7")]).status == 403)
            #expect(try await server.dial().upgrade([("X-Seat", "8")]).status == 101)
        }
    }

    @Test func `Without any of these its address is held out, probes as well`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            #expect(await server.perform(.kick(code: 1000, reason: "", holdOff: 600_000), .connections([await client.id])).count == 1)
            let probe = try await server.dial()
            try await probe.write(RawClient.request("HEAD"))
            #expect(await probe.awaitEnd() == 0)
            #expect(await server.wait { if case .probe(let event) = $0 { !event.admitted } else { false } })
            #expect(try await server.dial().upgrade().status == 403)
            #expect(server.server.places == 0 || server.server.connectionCount > 0)
        }
    }

    @Test func `A kick that holds nobody out lets the client come back, and is no drop`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let id = await client.id
            #expect(await server.perform(.kick(code: 1001, reason: "", holdOff: 0), .connections([id])).count == 1)
            _ = try await client.closed()
            try await eventually { server.server.connection(id) == nil }
            let again = try await server.acknowledged([("X-Websocket-Previous", id)])
            let new = await again.id
            #expect(
                await server.wait {
                    if case .connectionOpened(let event) = $0 { event.connection == new && event.previous == nil } else { false }
                })
        }
    }

    @Test func `Over a Unix socket there is no address, and the outcome says so`() async throws {
        try await ListenerTests.withFolder { folder in
            try await ServerFixture.run(.defaultRelay) {
                $0.listener = .unixSocket(path: "\(folder)/s")
            } _: { server in
                let client = try await RawClient.dial(path: "\(folder)/s")
                #expect(try await client.upgrade().status == 101)
                let outcome = await server.perform(.kick(code: 1000, reason: "", holdOff: 600_000))
                #expect(outcome.count == 1)
                #expect(outcome.result.contains("1 connection not held out"))
                #expect(try await RawClient.dial(path: "\(folder)/s").upgrade().status == 101)
            }
        }
    }
}
