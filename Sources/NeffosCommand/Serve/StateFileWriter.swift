import Foundation
import NeffosFeed

/// The system calls of a state file. A whole one is written beside it, forced to disk and put in its place, so that a crash at any moment leaves the
/// old one or the new one.
struct StateFileWriter {
    private let path: String
    private var descriptor: Int32 = -1
    /// When something was last written.
    private(set) var writtenAt: FeedTime
    /// Whether the last attempt failed.
    private(set) var hasFailed = false

    init(path: String, writtenAt: FeedTime) {
        self.path = path
        self.writtenAt = writtenAt
    }

    /// - Parameter isForced: Whether to wait for the disk, so that a machine that fails loses nothing either.
    /// - Returns: Why it did not work.
    mutating func append(_ bytes: [UInt8], at time: FeedTime, isForced: Bool = true) -> String? {
        let reason = Self.write(bytes, to: descriptor, isForced: isForced)
        hasFailed = reason != nil
        if reason == nil { writtenAt = time }
        return reason
    }

    /// - Returns: Why it did not work; the old file stands then as it was.
    mutating func replace(with bytes: [UInt8], at time: FeedTime) -> String? {
        hasFailed = true
        let beside = path + ".new"
        unlink(beside)
        let new = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_APPEND, 0o600)
        guard new >= 0 else { return SystemProblem.text(of: errno) }
        if let reason = Self.write(bytes, to: new) {
            Foundation.close(new)
            unlink(beside)
            return reason
        }
        guard rename(beside, path) == 0 else {
            let reason = SystemProblem.text(of: errno)
            Foundation.close(new)
            unlink(beside)
            return reason
        }
        syncFolder()
        close()
        descriptor = new
        hasFailed = false
        writtenAt = time
        return nil
    }

    mutating func close() {
        if descriptor >= 0 { Foundation.close(descriptor) }
        descriptor = -1
    }

    /// The new name is in the folder only once that is on the disk too.
    private func syncFolder() {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Foundation.close(descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, isForced: Bool = true) -> String? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return SystemProblem.text(of: errno)
            }
            rest = rest.dropFirst(count)
        }
        return !isForced || fsync(descriptor) == 0 || errno == EINVAL ? nil : SystemProblem.text(of: errno)
    }
}
