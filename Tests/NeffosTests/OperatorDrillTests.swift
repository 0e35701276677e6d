import Foundation
import NIOCore
import NIOPosix
import NeffosFeed
import Synchronization
import TestSupport
import Testing

@testable import Neffos

/// An outage on purpose, with real sockets.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorDrillTests {
    private static func isRefused(_ port: Int) async -> Bool {
        do {
            let client = try await RawClient.dial(port)
            await client.cut()
            return false
        } catch {
            return ((error as? NIOConnectionError)?.connectionErrors.first?.error as? IOError ?? error as? IOError)?.errnoCode
                == ECONNREFUSED
        }
    }

    private static func drops(_ server: ServerFixture) -> [FeedEvent.ConnectionClosed] {
        server.kinds.compactMap { if case .connectionClosed(let closed) = $0, closed.reason == "drill" { closed } else { nil } }
    }

    @Test func `Connections are refused while it is away, our clients come back to their rooms, and the feed tells the cause first`()
        async throws
    {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            var clients: [Client] = []
            for _ in 0..<6 {
                let client = try ClientFixture.client(server.server.url)
                try await client.connect()
                try await client.connect(to: "default").join("lobby")
                clients.append(client)
            }
            let before = clients.map(\.id)
            let probe = try await server.dial()
            #expect(try await probe.http("HEAD").status == 302)
            async let drilling = server.perform(.drill(percent: 50, away: 300))
            #expect(await server.wait { if case .operatorAction(let action) = $0 { action.action == "drill" } else { false } })
            try await eventually { await Self.isRefused(server.port) }
            // Another one, and a probe of a client that is still connected, find nobody.
            let second = await server.perform(.drill(percent: 50, away: 0))
            #expect(second.isRefused && second.result.contains("under way"))
            try await probe.write(RawClient.request("HEAD"))
            #expect(await probe.awaitEnd() == 0)
            let outcome = await drilling
            #expect(outcome.count == 3 && !outcome.isRefused)
            #expect(outcome.result.hasPrefix("dropped 3 of 6, away "))
            try await eventually { zip(clients, before).count { $0.id != $1 && $0.connection != nil } == 3 }
            try await eventually { await server.server.memberCount(of: "default", room: "lobby") == 6 }
            for (client, id) in zip(clients, before) where client.id != id { #expect(client.tries >= 1) }
            #expect(await server.sink.wait { entries in entries.count { $0.event.kind.typeName == "connection.opened" } == 9 })

            let drops = Self.drops(server)
            #expect(drops.count == 3)
            #expect(drops.allSatisfy { $0.code == 1006 && $0.by == .operator })
            #expect(Set(drops.map(\.connection)) == Set(zip(clients, before).filter { $0.id != $1 }.map(\.1)))
            // Who comes back is believed to be who it was.
            let previous = Set(
                server.kinds.compactMap { if case .connectionOpened(let opened) = $0 { opened.previous } else { nil } })
            #expect(previous == Set(drops.map(\.connection)))
            let kinds = server.kinds
            let cause = try #require(kinds.firstIndex { if case .operatorAction(let action) = $0 { action.count == 3 } else { false } })
            let effect = try #require(kinds.firstIndex { if case .connectionClosed = $0 { true } else { false } })
            #expect(cause < effect)
            guard case .operatorAction(let action) = kinds[cause] else { return }
            #expect(
                action == .init(action: "drill", by: "console", target: "50 % of 6", count: 3, result: "started, away 300 ms", away: 300))
            // The feed tells that the listener is back before anybody can be.
            let back = try #require(
                kinds.firstIndex { if case .operatorAction(let action) = $0 { action.action == "listener back" } else { false } })
            let returned = try #require(
                kinds.firstIndex { if case .connectionOpened(let opened) = $0 { opened.previous != nil } else { false } })
            #expect(effect < back && back < returned)
            if case .operatorAction(let action) = kinds[back] {
                #expect(action.by == "console" && action.target == "50 % of 6" && action.count == 3)
                #expect(action.result.hasPrefix("away "))
                #expect(action.away ?? 0 >= 300)
            }
            // The next one is none of this one's.
            #expect(await server.perform(.drill(percent: 100, away: 0), .connections([clients[0].id])).count == 1)
            try await eventually { await server.server.memberCount(of: "default", room: "lobby") == 6 }
            for client in clients { await client.close() }
        }
    }

    @Test func `A server that stops in the middle does not come back`() async throws {
        try await ServerFixture.run { server in
            let staying = try await server.member()
            let dropped = try await server.member()
            async let drilling = server.perform(.drill(percent: 100, away: 3_600_000), .connections([await dropped.id]))
            #expect(await dropped.awaitEnd() == 0)
            async let stopping: Void = server.server.shutdown(grace: .seconds(10))
            #expect(try await staying.closed().code == .goingAway)
            await stopping
            let outcome = await drilling
            #expect(outcome.count == 1)
            #expect(outcome.result.contains("stopped before the listener was back"))
            #expect(await Self.isRefused(server.port))
            #expect(await server.wait { $0.typeName == "server.stopped" })
        }
    }

    @Test func `Whoever asked may be gone: the listener comes back all the same`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let asking = Task { await server.perform(.drill(percent: 100, away: 200)) }
            #expect(await client.awaitEnd() == 0)
            asking.cancel()
            #expect(await asking.value.count == 1)
            #expect(try await server.dial().http("HEAD").status == 302)
        }
    }

    @Test func `A port that somebody else took meanwhile is told of, and tried on`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            var timing = Server.DrillTiming()
            timing.patience = .milliseconds(100)
            timing.pause = .milliseconds(5)
            timing.longestPause = .milliseconds(20)
            async let drilling = Server.DrillTiming.$current.withValue(timing) {
                await server.perform(.drill(percent: 100, away: 500))
            }
            #expect(await client.awaitEnd() == 0)
            try await eventually { await Self.isRefused(server.port) }
            let thief = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: "127.0.0.1", port: server.port).get()
            let outcome = await drilling
            #expect(outcome.count == 1)
            #expect(outcome.result.contains("still away: Address already in use"))
            #expect(await server.perform(.drill(percent: 100, away: 0)).isRefused)
            try await thief.close()
            try await eventually { (try? await server.dial().http("HEAD").status) == 302 }
            try await eventually { server.server.drilling.withLock { $0 == nil } }
        }
    }

    @Test func `A Unix socket goes away with its file, and comes back`() async throws {
        try await ListenerTests.withFolder { folder in
            let path = "\(folder)/s"
            try await ServerFixture.run(.defaultRelay) {
                $0.listener = .unixSocket(path: path)
            } _: { server in
                let client = try await RawClient.dial(path: path)
                #expect(try await client.upgrade().status == 101)
                async let drilling = server.perform(.drill(percent: 100, away: 100))
                #expect(await client.awaitEnd() == 0)
                #expect(!FileManager.default.fileExists(atPath: path))
                #expect(await drilling.count == 1)
                #expect(try await RawClient.dial(path: path).http("HEAD").status == 302)
            }
        }
    }

    @Test func `A listener that is not ours stays, with the reason`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let any = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        try #require(any.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        try await ServerFixture.run(.defaultRelay) {
            $0.listener = .descriptor(descriptor)
        } _: { server in
            let client = try await server.member()
            let outcome = await server.perform(.drill(percent: 100, away: 0))
            #expect(outcome.isRefused && outcome.result.contains("was passed in"))
            #expect(try await client.ask("default;;echo;0;0;hi") == ";default;;echo;0;0;hi")
        }

        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let embedded = Server(configuration: .init(), handlers: .defaultRelay, logger: ServerFixture.logger)
        try await embedded.start(on: group)
        let outcome = await embedded.perform(OperatorCommand(.drill(percent: 100, away: 0), by: "x"))
        #expect(outcome.isRefused && outcome.result == "nobody is connected")
        let direct = await embedded.drill(100, away: 0, of: [], OperatorCommand(.drill(percent: 100, away: 0), by: "x"))
        #expect(direct.isRefused && direct.result.contains("not this server's own"))
        await embedded.shutdown(grace: .zero)
        try await group.shutdownGracefully()
    }

    // MARK: Whom

    @Test(arguments: [(50.0, 600, 300), (50, 1, 1), (0.01, 600, 1), (100, 7, 7), (33.3, 100, 33), (50, 0, 0), (99.9, 10, 10)])
    func `The share is the nearest number, and never nobody`(percent: Double, total: Int, count: Int) {
        #expect(DrillPlan.count(percent, of: total) == count)
        var generator = SystemRandomNumberGenerator()
        let picked = DrillPlan.pick(percent, of: Array(0..<total), using: &generator)
        #expect(picked.count == count && Set(picked).count == count)
    }

    @Test func `Everybody is as likely as everybody else`() {
        struct Generator: RandomNumberGenerator {
            var state: UInt64 = 7
            mutating func next() -> UInt64 {
                state &+= 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                return z ^ (z >> 31)
            }
        }
        var generator = Generator()
        var hits = Array(repeating: 0, count: 20)
        for _ in 0..<4000 { for index in DrillPlan.pick(25, of: Array(0..<20), using: &generator) { hits[index] += 1 } }
        #expect(hits.allSatisfy { (850...1150).contains($0) })
    }
}
