import Foundation
import NeffosFeed
import NeffosObservatory
import Terminal

/// A file of its own that a table is written to: only its owner may read it, and nothing that is there is written over.
struct ExportFile: Sendable {
    /// Names that are tried within one second.
    private static let most = 100
    private static let chunk = 65_536

    /// Where it is put; empty: the working directory.
    let directory: String
    /// `20260131-120140`, of the operator's clock.
    let time: String

    init(directory: String, at time: FeedTime, utcOffset: Int) {
        self.directory = directory
        let local = FeedTime(milliseconds: time.milliseconds + Int64(utcOffset) * 1000).iso8601
        self.time = String(local.prefix(19).filter { $0 != "-" && $0 != ":" }.map { $0 == "T" ? "-" : $0 })
    }

    enum Outcome: Sendable, Hashable {
        case written(path: String, rows: Int)
        case failed(String)
    }

    /// Writes the table; to be called where it may take a while.
    func write(_ table: TableExport, of picture: any ObservatoryReading) -> Outcome {
        let (path, descriptor) = open(table.name)
        guard descriptor >= 0 else { return .failed("\(path): \(Self.problem)") }
        var bytes: [UInt8] = []
        var rows = -1
        do {
            try table.lines(of: picture) { line in
                line.append(to: &bytes)
                rows += 1
                if bytes.count >= Self.chunk { try Self.put(&bytes, descriptor) }
            }
            try Self.put(&bytes, descriptor)
        } catch {
            let problem = Self.problem
            close(descriptor)
            unlink(path)
            return .failed("\(path): \(problem)")
        }
        // What a full disk keeps back it may tell only now.
        guard close(descriptor) == 0 else {
            let problem = Self.problem
            unlink(path)
            return .failed("\(path): \(problem)")
        }
        return .written(path: path, rows: rows)
    }

    private func open(_ name: String) -> (path: String, descriptor: Int32) {
        let folder = directory.isEmpty ? "" : directory + "/"
        var path = ""
        for number in 1...Self.most {
            path = "\(folder)neffos-\(name)-\(time)\(number == 1 ? "" : "-\(number)").csv"
            let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 || errno != EEXIST { return (path, descriptor) }
        }
        return (path, -1)
    }

    private struct Failure: Error {}

    private static func put(_ bytes: inout [UInt8], _ descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure()
            }
            rest = rest.dropFirst(count)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    private static var problem: String { String(cString: strerror(errno)) }
}
