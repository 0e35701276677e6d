import Glibc

/// A pseudo-terminal: the test is the terminal, the backend the program.
final class Pty {
    let master: Int32
    let slave: Int32
    let path: String
    /// All that the program has written so far.
    private(set) var output: [UInt8] = []

    init(rows: UInt16 = 24, columns: UInt16 = 80) throws {
        struct Failure: Error {}
        // Linux's own way; the portable calls are not visible to Swift.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else { throw Failure() }
        path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Failure() }
        resize(rows: rows, columns: columns)
    }

    deinit {
        Glibc.close(slave)
        if !isHungUp { Glibc.close(master) }
    }

    private var isHungUp = false

    /// Takes the terminal away.
    func hangUp() {
        isHungUp = true
        Glibc.close(master)
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func type(_ text: String) {
        type(bytes: Array(text.utf8))
    }

    func type(bytes: [UInt8]) {
        _ = write(master, bytes, bytes.count)
    }

    /// The terminal's modes, as bytes to compare.
    var modes: [UInt8] {
        var modes = termios()
        tcgetattr(slave, &modes)
        return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag].flatMap { flags in
            withUnsafeBytes(of: flags) { Array($0) }
        } + withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }

    /// Reads until the program has written the text, for at most ten seconds; what was before it is forgotten.
    func sees(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        while true {
            if let end = output.endOfFirst(wanted) {
                output.removeFirst(end)
                return true
            }
            var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 10_000) > 0 else { return false }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { return false }
            output += buffer[0..<count]
        }
    }

    /// What the program has written after the last text that was seen.
    func rest() -> [UInt8] {
        while true {
            var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 100) > 0 else { return output }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { return output }
            output += buffer[0..<count]
        }
    }
}

extension [UInt8] {
    fileprivate func endOfFirst(_ wanted: [UInt8]) -> Int? {
        guard count >= wanted.count else { return nil }
        for start in 0...(count - wanted.count) where self[start..<start + wanted.count].elementsEqual(wanted) {
            return start + wanted.count
        }
        return nil
    }
}
