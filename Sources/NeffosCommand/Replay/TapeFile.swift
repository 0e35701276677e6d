import Foundation
import Neffos
import NeffosFeed

/// A recorded feed on disk. Only what is asked for is read; it may grow meanwhile.
final class TapeFile: TapeBytes {
    private let descriptor: Int32

    /// - Throws: ``CommandFailure`` with 66 where there is no such tape.
    init(path: String) throws(CommandFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw CommandFailure(.noInput, "\(path): cannot read the tape: \(SystemProblem.text(of: errno)); check the file's name")
        }
        guard FileStatus(descriptor: descriptor)?.isFile == true else {
            close(descriptor)
            throw CommandFailure(.noInput, "\(path): no file that can be gone back in; record with --record FILE and replay that")
        }
    }

    deinit { close(descriptor) }

    var size: Int { FileStatus(descriptor: descriptor).map { Int($0.size) } ?? 0 }

    func read(at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if got > 0 { filled += got } else if got == 0 || errno != EINTR { return }
            }
        }
    }
}
