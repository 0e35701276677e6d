import Dispatch
import Foundation

/// The lines of standard input, one at a time: the next one is read when ``next()`` is called again, so that nothing piles up.
final class LineReader: Sendable {
    let lines: AsyncStream<String>
    private let wanted = DispatchSemaphore(value: 0)

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        lines = stream
        let wanted = wanted
        let thread = Thread {
            while true {
                wanted.wait()
                guard let line = readLine(strippingNewline: true) else { break }
                continuation.yield(line)
            }
            continuation.finish()
        }
        thread.name = "neffos prompt"
        thread.start()
    }

    /// Lets one more line be read.
    func next() { wanted.signal() }
}
