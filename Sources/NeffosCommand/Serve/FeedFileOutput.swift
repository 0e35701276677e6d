import Foundation
import NeffosFeed
import NeffosTerminalConsole

/// Where `--feed` writes. The file is opened before the server listens, or is attached to, so that a wrong name is told at once, and emptied only
/// once it does, so that a start that fails (the port is in use) leaves what was written before.
struct FeedFileOutput {
    private let name: String
    private let descriptor: Int32
    private var isStandardOutput: Bool { name == "-" }

    /// - Throws: ``CommandFailure`` where the file cannot be opened.
    init(_ name: String) throws(CommandFailure) {
        self.name = name
        if name == "-" {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.configuration, "\(name): cannot write the feed: \(SystemProblem.text(of: errno)); check --feed")
        }
    }

    /// Where `--record` writes: behind what is there, which a tape of several starts is.
    ///
    /// - Parameters:
    ///   - feed: asked for a snapshot after a loss.
    ///   - tell: called once where it cannot be written any more.
    static func recording(
        _ name: String, of feed: EventFeed? = nil, tell: @escaping @Sendable (String) -> Void
    ) throws(CommandFailure) -> JSONLinesSink {
        do throws(FeedFileError) {
            return try JSONLinesSink(path: name, append: true, feed: feed) { failure, _ in tell("\(failure); \(remedy("--record"))") }
        } catch {
            throw CommandFailure(.configuration, "\(name): cannot write the recording: \(error.reason); check --record")
        }
    }

    /// Empties the file.
    func startAnew() { if !isStandardOutput { ftruncate(descriptor, 0) } }

    /// - Parameters:
    ///   - feed: asked for a snapshot after a loss.
    ///   - tell: called once where it cannot be written any more.
    func sink(for feed: EventFeed? = nil, tell: @escaping @Sendable (String) -> Void) -> JSONLinesSink {
        JSONLinesSink(
            descriptor: descriptor, closeWhenDone: !isStandardOutput, feed: feed, name: isStandardOutput ? nil : name
        ) { failure, code in
            if !isStandardOutput || code != EPIPE { tell("\(failure); \(Self.remedy("--feed"))") }
        }
    }

    /// What `--feed` and `--record` wrote, and the name of the first.
    struct Written {
        var feed: String?
        var sinks: [(option: String, sink: JSONLinesSink)] = []

        /// Says what was not written because a reader was too slow, or has left.
        ///
        /// - Returns: a line for each file that could not be written, which makes the run fail.
        func tellLosses() -> [String] {
            var lines: [String] = []
            for (option, sink) in sinks {
                // A reader of standard output that leaves, as `head` does, has what it wanted.
                let hasLeft = option == "--feed" && feed == "-" && sink.failureCode == EPIPE
                if let failure = sink.failure {
                    if sink.failureCode == nil || hasLeft {
                        Output.error("neffos: \(failure)")
                    } else {
                        lines.append("\(failure); \(remedy(option))")
                    }
                } else if sink.statistics.missed > 0 {
                    let missed = sink.statistics.missed
                    Output.error("neffos: \(option): its reader was too slow for \(missed) events; each feed.gap tells where some were")
                }
            }
            return lines
        }
    }

    /// What is to be done about a file that cannot be written any more.
    static func remedy(_ option: String) -> String { "what came from then on is missing there: make room, or give \(option) another file" }
}
