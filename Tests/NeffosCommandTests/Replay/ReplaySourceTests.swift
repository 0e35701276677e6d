import NeffosConsole
import NeffosFeed
import NeffosObservatory
import Synchronization
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct ReplaySourceTests {
    private func replay(_ source: ReplaySource) -> SourceStatus.Replay? { if case .replay(let tape) = source.status { tape } else { nil } }

    @Test(.timeLimit(.minutes(1))) func `It plays by itself, tells of changes, and does as it is told`() async throws {
        let changes = Atomic<Int>(0)
        let source = ReplaySource(MadeTape.twoOutages.machine(speed: 1024))
        source.whenChanged { changes.add(1, ordering: .relaxed) }
        source.start()
        defer { source.stop() }
        try await eventually { replay(source)?.isAtEnd == true }
        #expect(changes.load(ordering: .relaxed) > 0)
        #expect(source.read { $0.incidents.count } == 2)
        source.replay(.seek(by: -70))
        try await eventually { source.read { $0.incidents.count } == 1 || replay(source)?.isAtEnd == true }
        source.replay(.pauseOrGoOn)
        #expect(source.control == nil)
    }

    @Test func `Time is told to it, so that a paused tape stands and a playing one moves`() {
        let now = Mutex(Duration.zero)
        let source = ReplaySource(MadeTape.twoOutages.machine()) { now.withLock { $0 } }
        now.withLock { $0 = .seconds(3) }
        // A command finds what has passed until then.
        source.replay(.pauseOrGoOn)
        #expect(source.clock - MadeTape.start == 3_000)
        now.withLock { $0 = .seconds(100) }
        source.replay(.faster)
        #expect(source.clock - MadeTape.start == 3_000)
        #expect(replay(source)?.speed == 2)
        #expect(replay(source)?.isPaused == true)
    }

    @Test(.timeLimit(.minutes(1))) func `What cannot be read is told once, in the log and to the operator`() async throws {
        var tape = MadeTape.twoOutages
        tape.addText("no line\n{\"v\":1,\"se")
        let source = ReplaySource(tape.machine(speed: 1024))
        source.start()
        defer { source.stop() }
        try await eventually { replay(source)?.isAtEnd == true }
        try await eventually { source.log.lines.count == 2 }
        #expect(source.log.lines[0].text.contains("1 line passed over"))
        #expect(source.log.lines[1].text.contains("up to its last whole one"))
        #expect(replay(source)?.notice?.text.contains("up to its last whole one") == true)
    }
}
