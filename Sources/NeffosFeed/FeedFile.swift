#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// System calls on the descriptor that a feed is written to.
enum FeedFile {
    /// Opens `path` for writing, anew or behind what is there, and makes it (0644, less the umask) if it is not there.
    static func open(path: String, append: Bool) throws(FeedFileError) -> Int32 {
        let mode: mode_t = 0o644
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : O_TRUNC)
        let descriptor = retrying {
            #if canImport(Darwin)
            Darwin.open(path, flags, mode)
            #elseif canImport(Glibc)
            Glibc.open(path, flags, mode)
            #elseif canImport(Musl)
            Musl.open(path, flags, mode)
            #endif
        }
        guard descriptor >= 0 else { throw FeedFileError(path: path, reason: String(cString: strerror(errno))) }
        return descriptor
    }

    /// Whether the file ends within a line, as it does after a crash: going on there would spoil the first new line, too.
    static func endsWithinLine(path: String) -> Bool {
        #if canImport(Darwin)
        let descriptor = Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        #elseif canImport(Glibc)
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        #elseif canImport(Musl)
        let descriptor = Musl.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Fails on what is no file, which then has no torn line.
        let end = lseek(descriptor, 0, SEEK_END)
        guard end > 0 else { return false }
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n")
    }

    /// Why writing stopped.
    struct Problem {
        var reason: String
        /// The system's number; nil where the system had nothing against it.
        var code: Int32?
    }

    /// Writes all of `bytes`, and asks before each piece whether it should go on.
    ///
    /// - Returns: nil, or why it stopped.
    static func write(_ bytes: [UInt8], to descriptor: Int32, while mayGoOn: () -> Bool) -> Problem? {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                guard mayGoOn() else { return Problem(reason: "its reader is too slow") }
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                #if canImport(Darwin)
                let written = Darwin.write(descriptor, piece.baseAddress, piece.count)
                #elseif canImport(Glibc)
                let written = Glibc.write(descriptor, piece.baseAddress, piece.count)
                #elseif canImport(Musl)
                let written = Musl.write(descriptor, piece.baseAddress, piece.count)
                #endif
                if written >= 0 {
                    rest = rest.dropFirst(written)
                } else if errno == EAGAIN || errno == EWOULDBLOCK {
                    // Somebody who shares the descriptor made it non-blocking.
                    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wanted, 1, 100)
                } else if errno != EINTR {
                    return Problem(reason: String(cString: strerror(errno)), code: errno)
                }
            }
            return nil
        }
    }

    /// Keeps this thread from being told of a broken pipe by a signal, whose default is to end the process: `write` says so, too.
    static func ignoreBrokenPipesOnThisThread() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
        Darwin.close(descriptor)
        #elseif canImport(Glibc)
        Glibc.close(descriptor)
        #elseif canImport(Musl)
        Musl.close(descriptor)
        #endif
    }

    private static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
