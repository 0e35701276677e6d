import Foundation
import Logging
import NeffosFeed

/// Where `--feed` writes. The file is opened before the server listens, so that a wrong name is told at once, and emptied only once it does, so
/// that a start that fails (the port is in use) leaves what another server wrote.
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
    static func recording(_ name: String, of feed: EventFeed, logger: Logger) throws(CommandFailure) -> JSONLinesSink {
        do throws(FeedFileError) {
            return try JSONLinesSink(path: name, append: true, feed: feed) { failure, _ in
                logger.warning("\(failure); \(remedy("--record"))")
            }
        } catch {
            throw CommandFailure(.configuration, "\(name): cannot write the recording: \(error.reason); check --record")
        }
    }

    /// Starts the file anew.
    func sink(for feed: EventFeed, logger: Logger) -> JSONLinesSink {
        if !isStandardOutput { ftruncate(descriptor, 0) }
        return JSONLinesSink(
            descriptor: descriptor, closeWhenDone: !isStandardOutput, feed: feed, name: isStandardOutput ? nil : name
        ) { failure, code in
            if !isStandardOutput || code != EPIPE { logger.warning("\(failure); \(Self.remedy("--feed"))") }
        }
    }

    /// What is to be done about a file that cannot be written any more.
    static func remedy(_ option: String) -> String { "what came from then on is missing there: make room, or give \(option) another file" }
}
