import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import NeffosAdmin

@Suite(.fewAtOnce, .timeLimit(.minutes(3))) struct AttachTests {
    /// Waits until a console has all that the model has.
    private func settle(_ console: TestConsole, _ fixture: AdminFixture) async throws {
        try await eventually {
            let seq = fixture.model.read { $0.seq }
            return console.now.model?.seq ?? 0 >= seq
        }
    }

    @Test func `a console that attaches to a server sees who is here`() async throws {
        try await AdminFixture.run { fixture in
            let client = try await fixture.member("ada", of: ["lobby"])
            try await eventually { fixture.model.read { $0.places }[client.id] == ["default": ["lobby"]] }
            let console = try await fixture.console()
            #expect(console.places == [client.id: ["default": ["lobby"]]])
            #expect(console.now.about?.node == "test")
            #expect(console.now.about?.url == fixture.server.url)
            let another = try await fixture.member("bob")
            try await eventually { console.places[another.id] == ["default": []] }
            await client.close()
            try await eventually { console.places[client.id] == nil }
            await console.close()
            await another.close()
        }
    }

    @Test func `a console that comes late has the whole picture: what happened before it came, too`() async throws {
        try await AdminFixture.run { fixture in
            let clients = try await (0..<4).asyncMap { try await fixture.member("user-\($0)", of: ["lobby"]) }
            for client in clients.dropFirst() { client.connection?.drop() }
            try await eventually { fixture.model.read { $0.incidents.first?.dropped } == 3 }
            let console = try await fixture.console()
            let model = try #require(console.now.model)
            #expect(model.incidents.first?.dropped == 3)
            #expect(model.incidents.first?.missingClients.map(\.count) == [3])
            #expect(model.vitals.connectionsPeak == 4)
            #expect(model.vitals.url == fixture.server.url)
            // And it goes on to the same end.
            let back = try await fixture.member("another")
            try await eventually { console.now.model?.seq ?? 0 >= fixture.model.read { $0.seq } && console.places[back.id] != nil }
            #expect(console.now.model?.summary.totals.opened == 5)
            await console.close()
            await back.close()
            for client in clients { await client.close() }
        }
    }

    @Test func `under joins and leaves a console misses nothing and gets nothing twice`() async throws {
        try await AdminFixture.run { fixture in
            let clients = try await (0..<8).asyncMap { try await fixture.member("user-\($0)", of: ["lobby"]) }
            let churn = Task {
                await withTaskGroup(of: Void.self) { group in
                    for client in clients {
                        group.addTask {
                            var turn = 0
                            while !Task.isCancelled {
                                turn += 1
                                try? await client.connection?.join("room-\(turn % 7)", in: "default")
                                try? await client.connection?.leave("room-\(turn % 7)", in: "default")
                            }
                        }
                    }
                }
            }
            var consoles: [TestConsole] = []
            for _ in 0..<12 {
                let before = fixture.model.read { $0.seq }
                let console = try await fixture.console()
                consoles.append(console)
                // The next one attaches while it goes on, and this one has heard of it.
                try await eventually { fixture.model.read { $0.seq } > before + 50 && !console.now.entries.isEmpty }
            }
            churn.cancel()
            await churn.value
            for console in consoles {
                // The last leaves are still on their way into the feed.
                try await eventually { console.places == fixture.model.read { $0.places } }
                let told = console.now
                let seqs = told.entries.map(\.seq)
                let first = try #require(seqs.first)
                let last = try #require(seqs.last)
                #expect(seqs == Array(first...last))
                #expect(!told.entries.contains { if case .feedGap = $0.event.kind { true } else { false } })
                await console.close()
            }
            for client in clients { await client.close() }
        }
    }

    @Test func `a console that does not read disturbs nobody, is told how many it missed, and is made right by a snapshot`() async throws {
        try await AdminFixture.run(nil, { $0.backlogEvents = 2000 }) { fixture in
            let client = try await fixture.member("ada", of: ["lobby"])
            let slow = try await RawConsole.dial(fixture.admin.url)
            try await slow.enter()
            let snapshot = try JSONLines.decode(try await slow.ask("snapshot", "{}"))
            try await slow.stopReading()
            let fast = try await fixture.console()
            let detail = String(repeating: "x", count: 1000)
            for round in 1...20 {
                for _ in 0..<1000 { fixture.feed.publish(.protocolViolation(.init(connection: nil, kind: "k", detail: detail))) }
                let seq = round * 1000
                try await eventually { fixture.model.read { $0.vitals.violations } >= seq }
                // The server is answered as ever, and so is the other console.
                _ = try await client.ask(Message(namespace: "default", event: "echo", body: .init(string: "hi")))
                try await settle(fast, fixture)
            }
            #expect(fast.now.entries.count { if case .protocolViolation = $0.event.kind { true } else { false } } == 20_000)
            #expect(fixture.admin.consoles == 2)

            try await slow.startReading()
            var seqs: [Int] = [snapshot.seq]
            var violations = 0
            var missed = 0
            var kinds: [FeedEvent.Kind] = []
            var unexplained: [Int] = []
            while true {
                let entry = try JSONLines.decode(try await slow.line())
                let jump = entry.seq - (seqs.last ?? 0)
                if jump != 1 { if case .feedGap = entry.event.kind {} else { unexplained.append(entry.seq) } }
                seqs.append(entry.seq)
                switch entry.event.kind {
                case .protocolViolation: violations += 1
                case .feedGap(let gap):
                    missed += gap.kinds["protocol.violation"] ?? 0
                    kinds.append(entry.event.kind)
                case .snapshot(let present):
                    kinds.append(entry.event.kind)
                    #expect(present.connections.map(\.connection) == [client.id])
                default: break
                }
                if !kinds.isEmpty, kinds.count.isMultiple(of: 2), violations + missed == 20_000 { break }
            }
            #expect(missed > 0)
            #expect(kinds.first?.typeName == "feed.gap")
            #expect(kinds.dropFirst().first?.typeName == "snapshot")
            // Samples may go first; of those a later gap tells, and nothing else is ever missing without one.
            #expect(seqs == seqs.sorted() && Set(seqs).count == seqs.count)
            #expect(unexplained.count <= 20)
            // What it missed is counted where it is seen.
            let page = try await RawConsole.dial(fixture.admin.url).get("/metrics")
            #expect(try Exposition(page.body, isOpenMetrics: false).values["neffos_admin_missed_events_total"] ?? 0 >= Double(missed))
            await slow.close()
            await fast.close()
            await client.close()
        }
    }

    @Test func `a console outlives the server, comes back to the next one, and knows that it is another`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let address = AdminConfiguration.Address.socket(path: "\(folder)/admin.sock")
        let console = TestConsole()
        var firstRun = ""
        try await AdminFixture.run(address) { fixture in
            try await console.attach(to: fixture.admin.url)
            firstRun = try console.now.about.unwrapped.run
            try console.client.drop()
            try await eventually { console.now.pictures == 2 }
            #expect(console.now.sameRuns == 1)
            #expect(!console.now.aways.isEmpty)
            // The picture is not all: once an event comes behind it, the server's end will, too.
            let client = try await fixture.member("bob")
            try await eventually { console.places[client.id] != nil }
            await client.close()
        }
        try await eventually { console.now.entries.contains { if case .serverStopped = $0.event.kind { true } else { false } } }
        try await AdminFixture.run(address) { fixture in
            try await eventually { console.now.about?.run != firstRun }
            // The very first one, and this.
            #expect(console.now.pictures - console.now.sameRuns == 2)
            let client = try await fixture.member("ada")
            try await eventually { console.places[client.id] != nil }
            await client.close()
        }
        await console.close()
        try await eventually { console.now.ends == [.requested] }
    }

    /// A server that tells its picture, and is gone before it says what comes behind it.
    private func withServer(losing event: FeedAsk, times: Int, _ body: (Server) async throws -> Void) async throws {
        let left = Mutex(times)
        let picture = try Picture.encode(Observatory())
        var handlers = EventHandlers()
        func answer(_ ask: FeedAsk, _ body: @escaping @Sendable () throws -> ByteBuffer) {
            handlers.on(ask.rawValue, in: FeedAsk.namespace) { connection, _ in
                let isLost =
                    ask == event
                    && left.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                if isLost { connection.connection.drop() }
                return .body(try body())
            }
        }
        answer(.about) {
            try StrictJSON.encode(
                FeedAsk.About(
                    version: "1", node: "n", url: "ws://n/", feed: 1, picture: Picture.version, readOnly: false, time: 0, run: "r", seq: 0))
        }
        answer(.picture) { try StrictJSON.encode(FeedAsk.PictureOffer(picture: 1, seq: 0, bytes: picture.count, parts: 1)) }
        answer(.part) { ByteBuffer(bytes: picture) }
        answer(.live) { ByteBuffer() }
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.path = FeedAsk.path
        let server = Server(configuration: configuration, handlers: handlers, logger: AdminFixture.logger)
        try await server.start()
        do { try await body(server) } catch {
            await server.shutdown(grace: .zero)
            throw error
        }
        await server.shutdown(grace: .zero)
    }

    @Test func `a console whose server goes right behind the first picture is away, and comes back`() async throws {
        try await withServer(losing: .live, times: 1) { server in
            let console = TestConsole()
            try await console.attach(to: server.url)
            try await eventually { console.now.pictures == 2 }
            #expect(!console.now.aways.isEmpty)
            #expect(console.now.problems.isEmpty)
            await console.close()
        }
    }

    @Test func `one whose server goes before there is a picture says so in words`() async throws {
        try await withServer(losing: .part, times: 1) { server in
            let console = TestConsole()
            let lost = await #expect(throws: ClientError.self) { try await console.attach(to: server.url) }
            #expect(lost == .unreachable("the connection was lost before all was told"))
            #expect(console.now.pictures == 0 && console.now.aways.isEmpty)
            await console.close()
        }
    }

    @Test func `the messages of a connection go to those who tapped it, and the last one out ends the tap`() async throws {
        try await AdminFixture.run { fixture in
            let first = try await fixture.console()
            let second = try await fixture.console()
            func message(_ connection: String, _ body: String) -> FeedEvent.Kind {
                .message(.init(connection: connection, direction: .in, namespace: "", room: "", event: "e", bytes: 1, body: body))
            }
            func bodies(_ console: TestConsole) -> [String] {
                console.now.entries.compactMap { if case .message(let message) = $0.event.kind { message.body } else { nil } }
            }
            func tap(_ console: TestConsole, _ ids: [String], _ isOn: Bool = true) async throws -> OperatorOutcome {
                try await console.control.perform(OperatorCommand(.tap(isOn), targets: .connections(ids), by: ""))
            }
            #expect(try await tap(first, ["a"]).count == 1)
            fixture.feed.publish(message("a", "one"))
            fixture.feed.publish(message("b", "nobody's"))
            try await eventually { bodies(first) == ["one"] }
            #expect(try await tap(second, ["a", "b"]).count == 2)
            fixture.feed.publish(message("b", "two"))
            try await eventually { bodies(second) == ["two"] }
            #expect(bodies(first) == ["one"])
            // Its own console taps it, too: it stays so when the others are gone.
            _ = await fixture.admin.control.perform(OperatorCommand(.tap(true), targets: .connections(["b"]), by: "console"))
            #expect(try await tap(first, ["a"], false).count == 1)
            await second.close()
            try await eventually { fixture.control.all.count == 3 }
            let commands = fixture.control.all
            #expect(commands.map(\.action) == [.tap(true), .tap(true), .tap(false)])
            #expect(commands.map(\.targets) == [.connections(["a"]), .connections(["b"]), .connections(["a"])])
            await first.close()
        }
    }
}

extension Sequence {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
