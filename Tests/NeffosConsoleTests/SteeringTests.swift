import NeffosFeed
import NeffosObservatory
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import NeffosConsole

/// What the session asks of a server, and when.
@Suite(.timeLimit(.minutes(1))) struct SteeringTests {
    private final class Control: OperatorControl {
        struct Asked: Sendable {
            var commands: [OperatorCommand] = []
            var details: [String] = []
            var figures: [[String]?] = []
        }

        let asked = Mutex(Asked())
        let isReadOnly: Bool
        init(isReadOnly: Bool = false) { self.isReadOnly = isReadOnly }

        func perform(_ command: OperatorCommand) async -> OperatorOutcome {
            asked.withLock { $0.commands.append(command) }
            return OperatorOutcome(count: 1)
        }
        func detail(of connection: String) async -> ConnectionDetails? {
            asked.withLock { $0.details.append(connection) }
            return Scene.details(of: connection)
        }
        func figures(of connections: [String]?) async -> [ConnectionFigures] {
            asked.withLock { $0.figures.append(connections) }
            return (connections ?? ["c0"]).map { ConnectionFigures(connection: $0, messagesIn: 7, queuedBytes: 900) }
        }
    }

    private final class Clock: Sendable {
        private let time = Mutex(Duration.seconds(1))
        var now: Duration { time.withLock { $0 } }
        func advance(_ by: Duration) { time.withLock { $0 += by } }
    }

    private final class Source: ObservatorySource {
        let sink = ObservatorySink(feed: nil)
        let control: (any OperatorControl)?
        let taken = Mutex(0)
        let replays = Mutex<[ReplayCommand]>([])
        let how = Mutex(SourceStatus.live)
        init(_ control: (any OperatorControl)?) {
            self.control = control
            sink.update { observatory in
                for index in 0..<3 {
                    let id = "c\(index)"
                    for kind in [
                        FeedEvent.Kind.connectionOpened(
                            .init(connection: id, key: "k\(index)", remote: "10.0.0.1:\(index)", userAgent: nil, tries: 0)),
                        .connectionAcknowledged(connection: id, after: 1),
                    ] { _ = observatory.apply(FeedEvent(time: Scene.noon, kind: kind)) }
                }
            }
        }
        func read<Result>(_ body: (Observatory) -> Result) -> Result { sink.read(body) }
        func whenChanged(_ call: (@Sendable () -> Void)?) { sink.onChange = call }
        var log: ConsoleLog { ConsoleLog() }
        var status: SourceStatus { how.withLock { $0 } }
        func take(_ figures: [ConnectionFigures], at time: FeedTime) {
            sink.update { $0.take(figures, at: time) }
            taken.withLock { $0 += 1 }
        }
        func replay(_ command: ReplayCommand) { replays.withLock { $0.append(command) } }
    }

    private let clock = Clock()

    private func session(_ source: Source) -> ConsoleSession {
        var options = ConsoleOptions(clock: { Scene.noon })
        let clock = clock
        options.uptime = { clock.now }
        options.utcOffset = { _ in 0 }
        return ConsoleSession(backend: TestBackend(size: Size(columns: 120, rows: 35)), source: source, options: options)
    }

    private func press(_ session: inout ConsoleSession, _ text: String) {
        for character in text { _ = session.take(.key(character == "\r" ? .enter : .character(character))) }
        session.draw()
    }

    /// Draws again and again, as the loop does with each wake.
    private func collect(_ session: inout ConsoleSession, until isDone: (ConsoleModel) -> Bool) async -> Bool {
        for _ in 0..<2000 {
            session.collect()
            session.draw()
            if isDone(session.model) { return true }
            await Task.yield()
            try? await Task.sleep(for: .milliseconds(1))
        }
        return false
    }

    @Test func `A command is done by the server and what came of it is told`() async {
        let control = Control()
        var session = session(Source(control))
        press(&session, "2a")
        press(&session, "p")
        #expect(session.model.underway.count == 1)
        let isTold = await collect(&session) { $0.notice?.text == "ping: 1 done" }
        #expect(isTold)
        #expect(session.model.underway.isEmpty)
        #expect(control.asked.withLock { $0.commands } == [OperatorCommand(.ping, targets: .connections(["c0"]), by: "console")])
    }

    @Test func `Figures are asked for while they are looked at, once a second at most`() async throws {
        let control = Control()
        let source = Source(control)
        var session = session(source)
        session.draw()
        press(&session, "2")
        try await eventually { source.taken.withLock { $0 } == 1 }
        #expect(control.asked.withLock { $0.figures } == [["c0", "c1", "c2"]])
        let row = source.read { $0.connection("c1") }
        #expect(row?.messagesIn == 7)
        press(&session, "j")
        clock.advance(.milliseconds(900))
        press(&session, "k")
        #expect(source.taken.withLock { $0 } == 1)
        clock.advance(.milliseconds(200))
        press(&session, "j")
        try await eventually { source.taken.withLock { $0 } == 2 }
        press(&session, "1")
        clock.advance(.seconds(5))
        press(&session, "l")
        #expect(control.asked.withLock { $0.figures }.count == 2)
    }

    @Test func `Details and messages are asked for the open row alone`() async throws {
        let control = Control()
        var session = session(Source(control))
        press(&session, "2\r")
        let isTold = await collect(&session) { $0.details?.connection == "c0" }
        #expect(isTold)
        press(&session, "t")
        try await eventually { control.asked.withLock { $0.commands }.count == 1 }
        press(&session, "j")
        try await eventually { control.asked.withLock { $0.commands }.count == 2 }
        press(&session, "t")
        try await eventually { control.asked.withLock { $0.commands }.count == 3 }
        session.end()
        try await eventually { control.asked.withLock { $0.commands }.count == 4 }
        let commands = control.asked.withLock { $0.commands }
        let expected: [(Bool, String)] = [(true, "c0"), (false, "c0"), (true, "c1"), (false, "c1")]
        #expect(commands == expected.map { OperatorCommand(.tap($0.0), targets: .connections([$0.1]), by: "console") })
        #expect(Set(control.asked.withLock { $0.details }) == ["c0", "c1"])
    }

    @Test func `A read-only server is asked for figures and for nothing else`() async throws {
        let control = Control(isReadOnly: true)
        let source = Source(control)
        var session = session(source)
        press(&session, "2x")
        #expect(session.model.notice?.text.contains("read-only") == true)
        press(&session, "\rt")
        try await eventually { source.taken.withLock { $0 } == 1 }
        session.end()
        #expect(control.asked.withLock { $0.commands } == [])
    }

    @Test func `A tape is steered with keys that are there only for it`() {
        let source = Source(nil)
        var live = session(source)
        press(&live, "+.[")
        #expect(source.replays.withLock { $0 } == [])
        source.how.withLock {
            $0 = .replay(.init(position: Scene.noon, first: Scene.noon, last: Scene.noon + 9000, speed: 2, isPaused: false, isAtEnd: false))
        }
        var session = session(source)
        press(&session, " +-.;nN[]{},^$")
        #expect(
            source.replays.withLock { $0 } == [
                .pauseOrGoOn, .faster, .slower, .stepEntry, .stepSecond, .nextIncident, .previousIncident, .seek(by: -10), .seek(by: 10),
                .seek(by: -60), .seek(by: 60), .seek(by: -1), .toStart, .toEnd,
            ])
        #expect(!session.model.isPaused)
        press(&session, "2x")
        #expect(session.model.notice?.text == "No actions: a tape is only looked at")
    }

    @Test func `A status that changes is drawn without another change`() {
        let source = Source(nil)
        let backend = TestBackend()
        var options = ConsoleOptions(clock: { Scene.noon })
        let clock = clock
        options.uptime = { clock.now }
        var session = ConsoleSession(backend: backend, source: source, options: options)
        session.draw()
        source.how.withLock { $0 = .offline(tries: 2, since: Scene.noon) }
        session.draw()
        #expect(backend.screen.text.contains("offline, try 2"))
    }

    @Test func `A console that is open keeps the newest events and one that is closed does not`() {
        let sink = ObservatorySink(feed: nil)
        let source = SinkSource(sink)
        func receive() {
            sink.receive([
                FeedEntry(seq: 1, node: "n", event: FeedEvent(time: Scene.noon, kind: .connectionAcknowledged(connection: "x", after: 1)))
            ])
        }
        receive()
        #expect(source.read { $0.recentEvents.count } == 0)
        source.whenChanged {}
        receive()
        #expect(source.read { $0.recentEvents.count } == 1)
        source.whenChanged(nil)
        receive()
        #expect(source.read { $0.recentEvents.count } == 0)
    }
}
