import Logging
import NIOCore
import Synchronization

/// Log lines that strangers cause: some of each minute's, so that they cannot fill the log.
final class RefusalLog: Sendable {
    private struct State {
        var minute: UInt64 = 0
        var lines = 0
    }

    static let mostLines = 10
    private static let mostCharacters = 300
    private let state = Mutex(State())

    func warn(_ text: @autoclosure () -> String, at now: NIODeadline = .now(), logger: Logger) {
        let minute = now.uptimeNanoseconds / 60_000_000_000
        let lines = state.withLock { state in
            if state.minute != minute { state = State(minute: minute, lines: 0) }
            state.lines = min(state.lines + 1, Self.mostLines + 2)
            return state.lines
        }
        guard lines <= Self.mostLines + 1 else { return }
        if lines <= Self.mostLines {
            let text = text()
            logger.warning("\(text.count > Self.mostCharacters ? text.prefix(Self.mostCharacters) + "…" : text[...])")
        } else {
            logger.warning("more was refused within this minute than is said here")
        }
    }
}
