import Synchronization
package import Terminal

/// A terminal in memory: a fixed size, scripted events, and a record of what was drawn.
///
/// It never blocks: where nothing is scripted, a `wait` with a timeout gives nothing, as if the time were over, and one without gives
/// `.hangup`, so that a loop that asks for more than the script has comes to an end.
package final class TestBackend: TerminalBackend {
    package struct Record: Sendable {
        /// What the screen shows now.
        package var screen: Frame
        /// What the screen showed after each draw.
        package var frames: [Frame] = []
        /// The cells written by each draw.
        package var draws: [[FrameDiff.Run]] = []
        /// The timeouts of the waits.
        package var timeouts: [Duration?] = []
        package var clears = 0
        package var copies: [String] = []
        package var suspends = 0
        package var closes = 0
        package var isWoken = false
        fileprivate var script: [[TerminalEvent]] = []
    }

    package let colorDepth: ColorDepth
    package let isUTF8: Bool
    private let state: Mutex<Record>

    package init(
        size: Size = Size(columns: 80, rows: 24), colorDepth: ColorDepth = .indexed256, isUTF8: Bool = true,
        events: [[TerminalEvent]] = []
    ) {
        self.colorDepth = colorDepth
        self.isUTF8 = isUTF8
        state = Mutex(Record(screen: Frame(size: size), script: events))
    }

    package var size: Size { state.withLock { $0.screen.size } }
    package var record: Record { state.withLock { $0 } }
    package var screen: Frame { record.screen }

    /// Adds a batch of events, which one `wait` returns together.
    package func send(_ events: TerminalEvent...) {
        state.withLock { $0.script.append(events) }
    }

    /// Adds one batch for each key.
    package func press(_ keys: Key...) {
        state.withLock { $0.script.append(contentsOf: keys.map { [.key($0)] }) }
    }

    /// Adds one batch for each character.
    package func type(_ text: String) {
        state.withLock { $0.script.append(contentsOf: text.map { [.key(.character($0))] }) }
    }

    package func draw(_ changes: [FrameDiff.Run], cursor: Position?) {
        state.withLock { record in
            record.screen.apply(changes)
            record.screen.cursor = cursor
            record.frames.append(record.screen)
            record.draws.append(changes)
        }
    }

    package func clear() {
        state.withLock { record in
            record.clears += 1
            record.screen = Frame(size: record.screen.size)
        }
    }

    package func copy(_ text: String) {
        state.withLock { $0.copies.append(text) }
    }

    package func wait(timeout: Duration?) -> [TerminalEvent] {
        state.withLock { record in
            record.timeouts.append(timeout)
            if record.closes > 0 { return [.hangup] }
            var events: [TerminalEvent] = record.isWoken ? [.woken] : []
            record.isWoken = false
            if !record.script.isEmpty { events += record.script.removeFirst() }
            for case .resized(let size) in events { record.screen = Frame(size: size) }
            return events.isEmpty && timeout == nil ? [.hangup] : events
        }
    }

    package func wake() {
        state.withLock { $0.isWoken = true }
    }

    package func suspend() {
        state.withLock { record in
            record.suspends += 1
            record.screen = Frame(size: record.screen.size)
            record.script.insert([.resumed], at: 0)
        }
    }

    package func close() {
        state.withLock { $0.closes += 1 }
    }
}
