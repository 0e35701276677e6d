import Foundation

/// Where `--summary-file` writes. The file is opened before the server listens, so that a wrong name is told at once, and emptied when there is
/// something to write.
struct SummaryFile {
    private let name: String
    private let descriptor: Int32

    /// - Throws: ``CommandFailure`` where the file cannot be opened.
    init(_ name: String) throws(CommandFailure) {
        self.name = name
        descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .configuration, "\(name): cannot write the summary: \(SystemProblem.text(of: errno)); check --summary-file")
        }
    }

    /// - Returns: Why it could not be written.
    func write(_ text: String) -> String? {
        defer { close(descriptor) }
        ftruncate(descriptor, 0)
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return "\(name): cannot write the summary: \(SystemProblem.text(of: errno)); make room, or give --summary-file another file"
            }
            bytes = bytes.dropFirst(count)
        }
        return nil
    }
}
