import Foundation

/// Signals as values, instead of what they would do. From its making on none is lost: a handler writes each into a pipe, which is all that a handler may do.
struct SignalWatch: Sendable {
    /// Each signal as it comes.
    let signals: AsyncStream<Int32>

    /// Where the handler writes to. Set before any handler is, and only from the one place that makes a watch at a time; a plain number, so that reading
    /// it in a handler is safe.
    nonisolated(unsafe) private static var pipe: Int32 = -1

    init(_ numbers: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(16))
        signals = stream
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else {
            continuation.finish()
            return
        }
        let (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A handler must not wait, however many signals nobody has read.
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        Self.pipe = writing
        for number in numbers {
            signal(number) { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalWatch.pipe, &byte, 1)
                errno = before
            }
        }
        let thread = Thread {
            // Who started us may have blocked them, and a process inherits that: here they get through.
            var wanted = sigset_t()
            sigemptyset(&wanted)
            for number in numbers { sigaddset(&wanted, number) }
            pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
            var byte: UInt8 = 0
            while true {
                let count = read(reading, &byte, 1)
                if count == 1 { continuation.yield(Int32(byte)) } else if count == 0 || errno != EINTR { break }
            }
            continuation.finish()
        }
        thread.name = "neffos signals"
        thread.start()
    }
}
