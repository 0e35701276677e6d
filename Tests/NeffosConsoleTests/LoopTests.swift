import NeffosFeed
import NeffosObservatory
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import NeffosConsole

/// A source whose model a test sets.
private final class StillSource: ObservatorySource {
    let observatory = Mutex(Observatory())
    let listener = Mutex<(@Sendable () -> Void)?>(nil)
    let lines = Mutex(ConsoleLog())

    func read<Result>(_ body: (Observatory) -> Result) -> Result {
        let copy = observatory.withLock { $0 }
        return body(copy)
    }
    func whenChanged(_ call: (@Sendable () -> Void)?) { listener.withLock { $0 = call } }
    var log: ConsoleLog { lines.withLock { $0 } }

    func open(_ count: Int) {
        observatory.withLock { observatory in
            for index in 0..<count {
                _ = observatory.apply(
                    FeedEvent(
                        time: Scene.noon,
                        kind: .connectionOpened(
                            .init(connection: "c\(index)", key: "k\(index)", remote: "10.0.0.1:\(index)", userAgent: nil, tries: 0))))
            }
        }
    }
}

@Suite struct LoopTests {
    private let source = StillSource()

    /// Time stands still, at a whole second, unless a test says otherwise.
    private func options(canSuspend: Bool = false) -> ConsoleOptions {
        var options = ConsoleOptions(canSuspend: canSuspend, clock: { Scene.noon })
        options.uptime = { .seconds(1) }
        options.utcOffset = { _ in 0 }
        return options
    }

    @Test func `It draws at once, ends with q where nobody is here, and gives the terminal back`() {
        let backend = TestBackend()
        backend.press(.character("q"))
        #expect(ConsoleLoop(backend: backend, source: source, options: options()).run() == .quit)
        #expect(backend.record.frames.count == 1)
        #expect(backend.record.frames[0].text.contains("1 Overview"))
        #expect(backend.record.closes > 0)
        #expect(source.listener.withLock { $0 } == nil)
    }

    @Test func `With clients q asks, n stays and y leaves`() {
        source.open(3)
        let backend = TestBackend()
        backend.type("qnqy")
        #expect(ConsoleLoop(backend: backend, source: source, options: options()).run() == .quit)
        let frames = backend.record.frames
        #expect(frames.count == 4)
        #expect(frames[1].text.contains("3 clients would lose their server"))
        #expect(!frames[2].text.contains("would lose"))
    }

    @Test func `Signals and a lost terminal end it`() {
        for (event, exit) in [(TerminalEvent.terminate(signal: 15), ConsoleExit.signal(15)), (.hangup, .hangup)] {
            let backend = TestBackend(events: [[event]])
            #expect(ConsoleLoop(backend: backend, source: source, options: options()).run() == exit)
            #expect(backend.record.closes > 0)
        }
    }

    @Test func `When nothing changes nothing is drawn and it sleeps until the clock moves`() {
        let backend = TestBackend(events: [[], [.woken], [.terminate(signal: 2)]])
        #expect(ConsoleLoop(backend: backend, source: source, options: options()).run() == .signal(2))
        #expect(backend.record.draws.count == 1)
        #expect(backend.record.timeouts == [.seconds(1), .seconds(1), .seconds(1)])
    }

    @Test func `A key writes only the cells that change`() {
        let backend = TestBackend()
        backend.press(.control("z"))
        backend.send(.hangup)
        _ = ConsoleLoop(backend: backend, source: source, options: options()).run()
        let draws = backend.record.draws
        #expect(draws.count == 2)
        #expect(draws[1].allSatisfy { $0.row == 22 })
        #expect(backend.record.clears == 0)
    }

    @Test func `Resizing draws all of the new size and Ctrl-L all of the old one`() {
        let backend = TestBackend(events: [
            [.resized(Size(columns: 60, rows: 12))], [.resized(Size(columns: 120, rows: 35))], [.key(.control("l"))], [.hangup],
        ])
        _ = ConsoleLoop(backend: backend, source: source, options: options()).run()
        let record = backend.record
        #expect(record.clears == 3)
        #expect(record.frames[1].text.contains("too small: 60×12"))
        #expect(record.frames[2].size == Size(columns: 120, rows: 35))
        #expect(record.draws[3].count == 35)
        #expect(record.frames[3] == record.frames[2])
    }

    @Test func `Where it may, Ctrl-Z stops the process and the screen comes back whole`() {
        let backend = TestBackend(events: [[.key(.control("z"))], [], [.hangup]])
        _ = ConsoleLoop(backend: backend, source: source, options: options(canSuspend: true)).run()
        #expect(backend.record.suspends == 1)
        #expect(backend.record.screen.text.contains("1 Overview"))
    }

    @Test func `A stop asked for from outside does not stop a serving process`() {
        let backend = TestBackend(events: [[.suspend], [.hangup]])
        _ = ConsoleLoop(backend: backend, source: source, options: options()).run()
        #expect(backend.record.suspends == 0)
        #expect(backend.record.screen.text.contains("Ctrl-Z would stop the server"))
    }

    @Test func `Many changes are one wake-up and are drawn at most so many times a second`() {
        let wakes = Mutex(0)
        let signal = ConsoleSignal { wakes.withLock { $0 += 1 } }
        for _ in 0..<100 { signal.change() }
        #expect(wakes.withLock { $0 } == 1)
        signal.takeChange()
        signal.change()
        #expect(wakes.withLock { $0 } == 2)

        let clock = Clock()
        var options = options()
        options.uptime = { clock.now }
        var session = ConsoleSession(backend: TestBackend(), source: source, options: options)
        session.draw()
        #expect(!session.isDrawingDue(hasChange: true))
        #expect(session.timeout(hasChange: true) == .milliseconds(250))
        clock.advance(.milliseconds(250))
        #expect(session.isDrawingDue(hasChange: true))
        #expect(!session.isDrawingDue(hasChange: false))
    }

    @Test func `Stopping from another thread ends it`() {
        let backend = TestBackend(events: [[]])
        let loop = ConsoleLoop(backend: backend, source: source, options: options())
        loop.stop()
        #expect(loop.run() == .stopped)
    }

    private final class Clock: Sendable {
        private let time = Mutex(Duration.seconds(1))
        var now: Duration { time.withLock { $0 } }
        func advance(_ by: Duration) { time.withLock { $0 += by } }
    }
}
