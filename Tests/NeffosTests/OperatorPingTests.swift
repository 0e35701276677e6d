import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct OperatorPingTests {
    @Test func `A ping is a control frame, and the outcome is its round trip`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let id = await client.id
            async let pinging = server.perform(.ping, .connections([id]))
            guard case .ping(let payload) = try await client.event() else { throw RawError.ended }
            // What answers another ping, or none, is nobody's answer.
            try await client.write(RawClient.frame(ByteBuffer(), .pong))
            try await client.write(RawClient.frame(ByteBuffer(integer: UInt64.max), .pong))
            try await client.write(RawClient.frame(payload, .pong))
            let outcome = await pinging
            #expect(outcome.count == 1 && !outcome.isRefused)
            #expect(outcome.result.hasSuffix(" ms") || outcome.result.hasSuffix(" s"))
            let figures = await server.server.figures(of: [id])
            #expect(figures.count == 1 && (figures[0].roundTrip ?? -1) >= 0)
        }
    }

    @Test func `Of many the median and the longest are told, and how many were silent`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            var clients: [RawClient] = []
            for _ in 0..<3 { clients.append(try await server.member()) }
            async let pinging = server.perform(.ping)
            for client in clients {
                guard case .ping(let payload) = try await client.event() else { throw RawError.ended }
                if client === clients[2] { await client.cut() } else { try await client.write(RawClient.frame(payload, .pong)) }
            }
            let outcome = await pinging
            #expect(outcome.count == 2)
            #expect(outcome.result.hasPrefix("median ") && outcome.result.hasSuffix("; 1 of 3 did not answer"))
        }
    }

    @Test func `Pings without an end are not`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.member()
            let connection = try #require(server.server.connection(await client.id))
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<20 { group.addTask { await connection.ping(within: .milliseconds(50)) } }
                for await trip in group { #expect(trip == nil) }
            }
            try await connection.until { $0.watch?.pings.isEmpty == true }
        }
    }

    @Test func `The heartbeat's pings are measured, too`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.heartbeat.every = .seconds(1)
        } _: { server in
            let client = try await server.member()
            guard case .ping(let payload) = try await client.event() else { throw RawError.ended }
            #expect(await server.server.figures(of: nil).map(\.roundTrip) == [nil])
            try await client.write(RawClient.frame(payload, .pong))
            try await eventually { await server.server.figures(of: nil).first?.roundTrip != nil }
        }
    }

    @Test(arguments: [
        (420, "0.42 ms"), (0, "0.00 ms"), (9_994, "9.99 ms"), (12_340, "12.3 ms"), (345_600, "346 ms"), (3_140_000, "3.14 s"),
    ])
    func `A round trip reads well`(microseconds: Int, text: String) {
        #expect(OperatorText.duration(microseconds: microseconds) == text)
    }
}
