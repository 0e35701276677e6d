import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosAdmin

/// A console that attaches to a server with very many connections.
@Suite(.fewAtOnce, .timeLimit(.minutes(5))) struct ManyConnectionsTests {
    /// `NEFFOS_MANY=100000` measures, and says what it took.
    private static let measured = ProcessInfo.processInfo.environment["NEFFOS_MANY"].flatMap(Int.init)

    private static func fill(_ model: ObservatorySink, _ count: Int) {
        let time = FeedTime.now()
        model.update { observatory in
            func apply(_ kind: FeedEvent.Kind) { _ = observatory.apply(FeedEvent(time: time, kind: kind)) }
            for index in 0..<count {
                let id = "8c5f3a12-77aa-4c1b-9d2e-\(100_000_000_000 + index)"
                apply(
                    .connectionOpened(
                        .init(
                            connection: id, key: "client-\(index)",
                            remote: "10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255):50000",
                            userAgent: "node", tries: index % 3)))
                apply(.connectionAcknowledged(connection: id, after: 2))
                apply(.namespaceConnected(.init(connection: id, namespace: "default")))
                apply(.roomJoined(.init(connection: id, namespace: "default", room: "room-\(index % 1000)")))
            }
        }
    }

    @Test func `it sees all of them at once, and the engine's feed goes on meanwhile`() async throws {
        let count = Self.measured ?? 5_000
        try await AdminFixture.run { fixture in
            // A start would forget them again.
            try await eventually { !fixture.model.read { $0.vitals.url.isEmpty } }
            Self.fill(fixture.model, count)
            let before = Self.residentBytes
            let start = ContinuousClock.now
            let console = try await fixture.console()
            let took = ContinuousClock.now - start
            #expect(console.now.model?.vitals.connections == count)
            #expect(console.now.model?.vitals.rooms == min(count, 1000))
            if Self.measured != nil {
                let bytes = Self.residentBytes - before
                let encoding = ContinuousClock.now
                let picture = try fixture.model.read { try Picture.encode($0) }
                let decoding = ContinuousClock.now
                _ = try Picture.decode(picture)
                print("\(count) connections: attached within \(took), \(bytes / count) bytes each in server and console together")
                print("picture \(picture.count) bytes; encode \(decoding - encoding), decode \(ContinuousClock.now - decoding)")
            }
            let client = try await fixture.member("ada")
            try await eventually { console.now.model?.connection(client.id) != nil }
            await client.close()
            await console.close()
        }
    }

    private static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}
