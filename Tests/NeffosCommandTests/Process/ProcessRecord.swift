import Foundation
import Synchronization
import Testing

/// What a process has written and how it has ended. A crash is told as an issue, whatever else its test waits for.
final class ProcessRecord: Sendable {
    private struct State {
        var output = Data()
        var errors = Data()
        var open = 2
        var end: (status: Int32, isSignal: Bool)?
        /// The signals that it was sent by its test; with this one nothing crashes by itself.
        var expected: Set<Int32> = [SIGKILL]

        var isComplete: Bool { end != nil && open == 0 }
    }

    private let command: String
    private let state = Mutex(State())

    init(of arguments: [String]) { command = (["neffos"] + arguments).joined(separator: " ") }

    var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var errors: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    var status: Int32? { state.withLock { $0.end?.status } }
    /// It has ended, and all that it wrote is here.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    func expect(signal: Int32) { state.withLock { _ = $0.expected.insert(signal) } }

    func end(_ status: Int32, isSignal: Bool) { change { $0.end = (status, isSignal) } }

    func read(_ handle: FileHandle, isErrors: Bool) {
        let thread = Thread {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Foundation.read(handle.fileDescriptor, &bytes, bytes.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                let piece = Data(bytes[..<count])
                self.state.withLock { if isErrors { $0.errors.append(piece) } else { $0.output.append(piece) } }
            }
            try? handle.close()
            self.change { $0.open -= 1 }
        }
        thread.start()
    }

    private func change(_ body: (inout State) -> Void) {
        let crash = state.withLock { state -> (Int32, String)? in
            body(&state)
            guard state.isComplete, let end = state.end, end.isSignal, !state.expected.contains(end.status) else { return nil }
            return (end.status, String(decoding: state.errors.suffix(20_000), as: UTF8.self))
        }
        if let (signal, errors) = crash { Issue.record("ended by signal \(signal): \(command)\n\(errors)") }
    }
}
