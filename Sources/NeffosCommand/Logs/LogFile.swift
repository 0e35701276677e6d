import Foundation
import Synchronization

/// The file that a log is added to. It can be opened anew, so that whoever renames it away finds the next line in a new one.
final class LogFile: Sendable {
    let path: String
    private let descriptor: Mutex<Int32>

    /// - Throws: ``CommandFailure`` where the file cannot be opened.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let opened = Self.open(path)
        guard opened >= 0 else {
            throw CommandFailure(
                .configuration, "\(path): cannot write the log: \(SystemProblem.text(of: errno)); check log.file or --log-file")
        }
        descriptor = Mutex(opened)
    }

    deinit { close(descriptor.withLock { $0 }) }

    private static func open(_ path: String) -> Int32 {
        Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o640)
    }

    /// - Returns: Why it did not work; then lines still go where they went.
    func reopen() -> String? {
        let opened = Self.open(path)
        guard opened >= 0 else { return SystemProblem.text(of: errno) }
        let old = descriptor.withLock { descriptor in
            defer { descriptor = opened }
            return descriptor
        }
        close(old)
        return nil
    }

    /// Writes a line in one piece, so that those of several processes are not mixed.
    ///
    /// - Returns: Whether it was written.
    func write(_ line: String) -> Bool {
        let bytes = Array((line + "\n").utf8)
        return descriptor.withLock { descriptor in
            while true {
                let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                if count == bytes.count { return true }
                if count < 0, errno == EINTR { continue }
                return false
            }
        }
    }
}
