import Dispatch
import Foundation

/// A real pipe.
struct Pipe: Sendable {
    let reader: Int32
    let writer: Int32

    struct Failure: Error {}

    init() throws {
        var descriptors: [Int32] = [0, 0]
        guard pipe(&descriptors) == 0 else { throw Failure() }
        reader = descriptors[0]
        writer = descriptors[1]
    }

    func closeReader() { close(reader) }

    /// Reads to the end, on a thread of its own, and closes.
    func readAll() async -> String {
        await withCheckedContinuation { continuation in
            Thread {
                var all: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = read(reader, &block, block.count)
                    if count <= 0 { break }
                    all += block[..<count]
                }
                close(reader)
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }.start()
        }
    }
}
