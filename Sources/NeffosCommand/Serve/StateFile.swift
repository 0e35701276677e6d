// Timers of the dispatch library may be used from any thread; their types do not say so.
@preconcurrency import Dispatch
import Foundation
import Neffos
import NeffosFeed
import NeffosObservatory
import Synchronization

/// Keeps who is here in a file that survives a kill: lines are appended half a second behind at most, and the whole is now and then written anew
/// beside it and put in its place. The feed never waits for the disk; what does not fit the bound is made right by writing the whole.
final class StateFile: FeedSink {
    private struct Work {
        var journal: RosterJournal
        var pending: [UInt8] = []
        /// What the file holds is not what it should: it has to be written as a whole.
        var needsRewrite = true
    }

    private enum Kind { case whole, changes, tick }

    /// Bytes that may wait for the disk.
    static let bound = 8 << 20
    private static let interval = DispatchTimeInterval.milliseconds(500)
    /// How often a line says that the roster is still true: how long the server was away is counted from the last one. With the timer's interval
    /// that is once a second.
    private static let tickAfter: Milliseconds = 900

    private let path: String
    private let now: @Sendable () -> FeedTime
    private let report: @Sendable (String) -> Void
    private let work: Mutex<Work>
    private let queue = DispatchQueue(label: "neffos.state")
    /// Made when it starts: one that is given up before it was ever activated is a fault in the eyes of its library.
    private let timer = Mutex<(any DispatchSourceTimer)?>(nil)
    private let file: Mutex<StateFileWriter>

    /// Starts the file anew.
    ///
    /// - Parameter roster: whom the server that ran before lost; they stay in the file for a while, should this one be killed before they are
    ///   back.
    /// - Parameter report: Told in one line when writing fails; the next time only after it has worked again.
    /// - Throws: ``CommandFailure`` where the file cannot be written.
    init(
        path: String, roster: Roster? = nil, now: @escaping @Sendable () -> FeedTime = FeedTime.now,
        report: @escaping @Sendable (String) -> Void
    ) throws(CommandFailure) {
        self.path = path
        self.now = now
        self.report = report
        work = Mutex(Work(journal: RosterJournal(observing: roster)))
        file = Mutex(StateFileWriter(path: path, writtenAt: now()))
        if let reason = write() {
            throw CommandFailure(
                .configuration, "\(path): cannot write the roster, so who is here is not kept: \(reason); choose --state FILE or none")
        }
    }

    /// Begins to write on a thread of its own.
    func start() {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval, leeway: .milliseconds(50))
        timer.setEventHandler { [weak self] in self?.flush() }
        timer.activate()
        self.timer.withLock { $0 = timer }
    }

    func receive(_ batch: [FeedEntry]) {
        work.withLock { work in
            for entry in batch { work.journal.record(entry.event, into: &work.pending) }
            if work.pending.count > Self.bound {
                work.pending = []
                work.needsRewrite = true
            }
        }
    }

    func finish() {
        timer.withLock { timer in
            timer?.cancel()
            timer = nil
        }
        queue.sync {
            flush()
            file.withLock { $0.close() }
        }
    }

    /// Writes what waits, or that nothing has changed.
    func flush() {
        let hadFailed = file.withLock { $0.hasFailed }
        if let reason = write(), !hadFailed {
            report("\(path): cannot write the roster: \(reason); who is here is not kept until it can be")
        }
    }

    /// - Returns: Why it was not written.
    private func write() -> String? {
        let time = now()
        let isIdle = file.withLock { time - $0.writtenAt >= Self.tickAfter }
        let (bytes, kind) = work.withLock { work -> ([UInt8], Kind) in
            if work.needsRewrite || work.journal.needsCompaction {
                work.pending = []
                work.needsRewrite = false
                return (work.journal.compact(at: time), .whole)
            }
            if work.pending.isEmpty { return isIdle ? (work.journal.tick(at: time), .tick) : ([], .changes) }
            defer { work.pending = [] }
            return (work.pending, .changes)
        }
        if bytes.isEmpty { return nil }
        let reason = file.withLock { file in
            switch kind {
            case .whole: file.replace(with: bytes, at: time)
            case .changes: file.append(bytes, at: time)
            case .tick: file.append(bytes, at: time, isForced: false)
            }
        }
        // A part of a line may stand at the end now.
        if reason != nil { work.withLock { $0.needsRewrite = true } }
        return reason
    }
}

extension StateFile {
    /// What a start finds.
    enum Found: Equatable {
        case nothing
        /// Not older than ten minutes.
        case roster(Roster)
        /// Why the file does not count, for the log.
        case unusable(String)
    }

    static let oldest: Milliseconds = 10 * 60_000
    private static let mostBytes = 1 << 30

    static func read(_ path: String, now: FeedTime) -> Found {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return errno == ENOENT ? .nothing : .unusable("\(path): cannot read the roster: \(SystemProblem.text(of: errno))")
        }
        defer { close(descriptor) }
        guard let status = FileStatus(descriptor: descriptor), status.isFile, status.size <= mostBytes else {
            return .unusable("\(path): the roster is no file, or too big")
        }
        do {
            let data = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
            let roster = try Roster(decoding: Array(data))
            guard abs(now - roster.savedAt) <= oldest else { return .unusable("\(path): the roster is older than ten minutes") }
            return .roster(roster)
        } catch let error as RosterError {
            return .unusable("\(path): \(error)")
        } catch {
            return .unusable("\(path): cannot read the roster: \(SystemProblem.text(of: error))")
        }
    }
}
