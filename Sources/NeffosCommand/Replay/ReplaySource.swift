import Foundation
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import Synchronization

/// The picture of a tape: plays it on a thread of its own, and takes what steers it.
final class ReplaySource: ObservatorySource {
    private struct State {
        var machine: ReplayMachine
        var log = ConsoleLog()
        var listener: (@Sendable () -> Void)?
        var passedAt: Duration
        var isStopped = false
        /// What was told of lines that cannot be read, and of commands.
        var toldProblems = 0
        var toldNotices = 0
        var wasAtEnd = false
        var notice: SourceStatus.Notice?
    }

    /// Entries that are played while others wait to look.
    private static let slice = 250
    /// A picture is not drawn more often than this anyway.
    private static let pause = Duration.milliseconds(15)

    private let state: Mutex<State>
    private let uptime: @Sendable () -> Duration
    private let work = DispatchSemaphore(value: 0)

    /// - Parameter uptime: time that only goes forward, from anywhere.
    init(_ machine: ReplayMachine, uptime: @escaping @Sendable () -> Duration) {
        state = Mutex(State(machine: machine, passedAt: uptime()))
        self.uptime = uptime
    }

    convenience init(_ machine: ReplayMachine) {
        let start = ContinuousClock.now
        self.init(machine) { ContinuousClock.now - start }
    }

    /// Plays until ``stop()``.
    func start() {
        let thread = Thread { self.run() }
        thread.name = "neffos replay"
        thread.stackSize = 4 << 20
        thread.start()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        work.signal()
    }

    /// The time of the tape.
    var clock: FeedTime { state.withLock { $0.machine.position } }

    func read<Result>(_ body: (Observatory) -> Result) -> Result { state.withLock { body($0.machine.observatory) } }

    func whenChanged(_ call: (@Sendable () -> Void)?) { state.withLock { $0.listener = call } }

    var log: ConsoleLog { state.withLock { $0.log } }

    var status: SourceStatus {
        state.withLock { state in
            var status = state.machine.status
            status.notice = state.notice
            return .replay(status)
        }
    }

    func replay(_ command: ReplayCommand) {
        let listener = state.withLock { state in
            // What has passed so far passed before the command.
            step(&state)
            state.machine.handle(command)
            return state.listener
        }
        work.signal()
        listener?()
    }

    private func run() {
        while true {
            let (listener, wait, isStopped) = state.withLock { state in
                let before = (state.machine.observatory.revision, state.machine.status)
                step(&state)
                let isChanged = before != (state.machine.observatory.revision, state.machine.status)
                return (isChanged ? state.listener : nil, state.machine.idle, state.isStopped)
            }
            if isStopped { return }
            listener?()
            guard let wait else {
                work.wait()
                continue
            }
            if wait > .zero { _ = work.wait(timeout: .now() + max(wait, Self.pause) / .seconds(1)) }
        }
    }

    private func step(_ state: inout State) {
        let now = uptime()
        state.machine.pass(now - state.passedAt, most: Self.slice)
        state.passedAt = now
        let isAtEnd = state.machine.isAtEnd
        let problems = state.machine.problems.sentences(atEnd: isAtEnd)
        // The first of each kind is told at once, and how many there were in all at the end.
        if problems.count > state.toldProblems || (isAtEnd && !state.wasAtEnd && !problems.isEmpty) {
            let new = isAtEnd ? problems[...] : problems.suffix(problems.count - state.toldProblems)
            for sentence in new { state.log.append(.init(time: state.machine.position, level: .warning, text: sentence)) }
            if let last = new.last { tell(last, &state) }
            state.toldProblems = problems.count
            if isAtEnd { state.wasAtEnd = true }
        }
        if state.machine.notice.number > state.toldNotices {
            state.toldNotices = state.machine.notice.number
            tell(state.machine.notice.text, &state)
        }
    }

    private func tell(_ text: String, _ state: inout State) {
        state.notice = .init(text: text, number: (state.notice?.number ?? 0) + 1)
    }
}
