import Dispatch
import Foundation
import Synchronization

/// Writes the feed as JSON lines into a descriptor, on a thread of its own behind a bounded backlog.
///
/// What it gets it writes at once, so the file is never more than a tick and one write behind. A reader that is too slow (a pipe) makes
/// the sink lose its place; its file then has a `feed.gap` there, and a `snapshot` behind it: see `SinkBacklog`. When a write fails, the
/// sink stops writing and remembers why; nothing else is disturbed. A broken pipe is such a failure: the thread takes no `SIGPIPE`, so
/// the process needs not ignore it for this.
public final class JSONLinesSink: FeedSink {
    /// What became of the events so far.
    public struct Statistics: Sendable, Hashable {
        /// Lines that were written.
        public var written = 0
        /// Events that were not, because the reader was too slow or writing failed.
        public var missed = 0
        /// ``missed`` by the name of their type.
        public var missedByType: [String: Int] = [:]
    }

    private struct State {
        var backlog: SinkBacklog
        var feed: EventFeed?
        var isIdle = false
        var isFinishing = false
        var isAbandoned = false
        var failure: String?
        var failureCode: Int32?
        var written = 0
        var losses = FeedLosses()
    }

    private static let blockSize = 64 << 10
    private static let chunk = 256

    private let descriptor: Int32
    private let closesWhenDone: Bool
    private let name: String
    private let onFailure: (@Sendable (String, Int32) -> Void)?
    private let patience: DispatchTimeInterval
    private let state: Mutex<State>
    private let work = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - descriptor: where to write to.
    ///   - closeWhenDone: whether the sink closes it at the end.
    ///   - feed: the feed to ask for a snapshot after a loss.
    ///   - bound: the most entries that may wait to be written.
    ///   - patience: how long ``finish()`` waits for a reader that does not read.
    ///   - name: what ``failure`` calls it; nil: by its number.
    ///   - onFailure: called once, on the sink's thread, when writing has failed: with ``failure`` and ``failureCode``.
    public convenience init(
        descriptor: Int32, closeWhenDone: Bool, feed: EventFeed? = nil, bound: Int = 65_536, patience: Duration = .seconds(5),
        name: String? = nil, onFailure: (@Sendable (String, Int32) -> Void)? = nil
    ) {
        self.init(
            descriptor: descriptor, closeWhenDone: closeWhenDone, name: name ?? "descriptor \(descriptor)", feed: feed, bound: bound,
            patience: patience, start: [], onFailure: onFailure)
    }

    /// Opens a file, which is made with mode 0644 (less the umask) if it is not there.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - append: whether to go on behind what is there, or to begin anew.
    ///   - onFailure: called once, on the sink's thread, when writing has failed: with ``failure`` and ``failureCode``.
    /// - Throws: ``FeedFileError`` where it cannot be opened.
    public convenience init(
        path: String, append: Bool, feed: EventFeed? = nil, bound: Int = 65_536, patience: Duration = .seconds(5),
        onFailure: (@Sendable (String, Int32) -> Void)? = nil
    ) throws(FeedFileError) {
        let descriptor = try FeedFile.open(path: path, append: append)
        let start: [UInt8] = append && FeedFile.endsWithinLine(path: path) ? [UInt8(ascii: "\n")] : []
        self.init(
            descriptor: descriptor, closeWhenDone: true, name: path, feed: feed, bound: bound, patience: patience, start: start,
            onFailure: onFailure)
    }

    private init(
        descriptor: Int32, closeWhenDone: Bool, name: String, feed: EventFeed?, bound: Int, patience: Duration, start: [UInt8],
        onFailure: (@Sendable (String, Int32) -> Void)?
    ) {
        self.descriptor = descriptor
        closesWhenDone = closeWhenDone
        self.name = name
        self.onFailure = onFailure
        self.patience = .milliseconds(
            Int(clamping: patience.components.seconds) * 1000 + Int(patience.components.attoseconds / 1_000_000_000_000_000))
        state = Mutex(State(backlog: SinkBacklog(bound: bound, byteBound: FeedBuffer.usualByteLimit), feed: feed))
        let thread = Thread { self.run(start) }
        thread.name = "neffos feed lines"
        thread.start()
    }

    /// Why nothing is written any more, or nil.
    public var failure: String? { state.withLock { $0.failure } }

    /// The system's number for why writing failed (`EPIPE` where its reader has left); nil while nothing has, and where a reader was only too slow.
    public var failureCode: Int32? { state.withLock { $0.failureCode } }

    /// What became of the events so far.
    public var statistics: Statistics {
        state.withLock { state in
            Statistics(written: state.written, missed: state.losses.total, missedByType: state.losses.byType)
        }
    }

    /// Takes a batch; what does not fit behind a slow reader is lost, counted and told with a `feed.gap`.
    public func receive(_ batch: [FeedEntry]) {
        let wakes = state.withLock { state in
            state.backlog.append(batch)
            guard state.failure == nil else {
                state.backlog.abandon(countingInto: &state.losses)
                return false
            }
            defer { state.isIdle = false }
            return state.isIdle
        }
        if wakes { work.signal() }
    }

    /// Writes what is left and ends the thread. A reader that does not read is waited for as long as the sink has patience.
    public func finish() {
        let wakes = state.withLock { state in
            state.isFinishing = true
            defer { state.isIdle = false }
            return state.isIdle
        }
        if wakes { work.signal() }
        if done.wait(timeout: .now() + patience) == .timedOut {
            state.withLock { state in
                state.isAbandoned = true
                if state.failure == nil { state.failure = message("its reader is too slow") }
                state.backlog.abandon(countingInto: &state.losses)
            }
        }
        // The feed holds its sinks; this ends the circle.
        state.withLock { $0.feed = nil }
    }

    private func run(_ start: [UInt8]) {
        FeedFile.ignoreBrokenPipesOnThisThread()
        var block = start
        while let entries = next() {
            var unwritten = entries[...]
            for (index, entry) in entries.enumerated() {
                JSONLines.append(entry, to: &block)
                guard block.count >= Self.blockSize || index == entries.count - 1 else { continue }
                let problem = FeedFile.write(block, to: descriptor, while: { state.withLock { !$0.isAbandoned } })
                block.removeAll(keepingCapacity: block.count <= 4 * Self.blockSize)
                let first = state.withLock { state -> (text: String, code: Int32)? in
                    if let problem {
                        let isFirst = state.failureCode == nil && problem.code != nil
                        if state.failure == nil { state.failure = message(problem.reason) }
                        if isFirst { state.failureCode = problem.code }
                        for entry in unwritten { state.losses.count(entry.event.kind) }
                        state.backlog.abandon(countingInto: &state.losses)
                        return isFirst ? problem.code.map { (message(problem.reason), $0) } : nil
                    }
                    state.written += index + 1 - unwritten.startIndex
                    return nil
                }
                if let first { onFailure?(first.text, first.code) }
                if problem != nil { break }
                unwritten = entries[(index + 1)...]
            }
        }
        if closesWhenDone { FeedFile.close(descriptor) }
        done.signal()
    }

    /// The next entries to write, or nil at the end. Waits for them.
    private func next() -> [FeedEntry]? {
        while true {
            let step = state.withLock { state -> (entries: [FeedEntry], isEnd: Bool, asked: EventFeed?) in
                let recovery = state.backlog.recover(countingInto: &state.losses)
                let entries = state.backlog.take(atMost: Self.chunk)
                let isEnd = entries.isEmpty && state.isFinishing
                state.isIdle = entries.isEmpty && !isEnd
                return (entries, isEnd, recovery == .gapBeforeSnapshot ? state.feed : nil)
            }
            step.asked?.requestSnapshot()
            if !step.entries.isEmpty { return step.entries }
            if step.isEnd { return nil }
            work.wait()
        }
    }

    private func message(_ reason: String) -> String { "cannot write the feed to \(name): \(reason)" }
}
