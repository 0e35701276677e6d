import CNcurses
import Glibc
import Synchronization
public import Terminal

/// The terminal of this process, through ncurses.
///
/// `draw`, `clear`, `wait` and `suspend` are for one thread at a time, best always the same one; `wake` and `close` are for any.
/// There is one of these in a process at a time. While it lives, it owns the handlers of SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM
/// and SIGHUP, which become events, and of the signals of a crash, at which the terminal is restored before the handlers that
/// were there get their turn; `close()` puts all of them back.
public final class NcursesBackend: TerminalBackend {
    public let colorDepth: ColorDepth
    public let isUTF8: Bool

    private let screen: Mutex<NcursesScreen>
    /// Columns and rows, readable while another thread waits.
    private let packedSize: Atomic<UInt64>
    private let isClosing = Atomic(false)

    /// Takes the terminal of standard output; keys come from standard input or, where that is none, from the controlling terminal.
    /// - Parameters:
    ///   - color: whether colours are wished for.
    ///   - ascii: whether nothing but ASCII shall be written.
    ///   - mouse: whether clicks and the wheel come as events; the terminal's own selection of text then needs Shift.
    /// - Throws: why there is no screen. Nothing has been written to the terminal then.
    public convenience init(color: ColorWish = .auto, ascii: Bool = false, mouse: Bool = false) throws(NcursesError) {
        guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        var input = STDIN_FILENO
        if isatty(input) != 1 { input = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) }
        defer { if input > STDERR_FILENO { Glibc.close(input) } }
        guard input >= 0 else { throw .notATerminal }
        try self.init(
            input: input, output: STDOUT_FILENO, terminalName: Self.variable("TERM"), colorTerm: Self.variable("COLORTERM"),
            noColor: Self.variable("NO_COLOR"), color: color, ascii: ascii,
            mouse: mouse)
    }

    /// Takes any terminal. The descriptors stay the caller's and may be closed at once.
    package init(
        input: Int32, output: Int32, terminalName: String, colorTerm: String = "", noColor: String = "", color: ColorWish = .auto,
        ascii: Bool = false, locale: String = "", mouse: Bool = false
    ) throws(NcursesError) {
        let wantsColor =
            switch color {
            case .never: false
            case .auto: noColor.isEmpty
            case .always: true
            }
        // Types of eight colours are what terminals with more call themselves; COLORTERM knows better.
        let richer = wantsColor && !colorTerm.isEmpty && !terminalName.contains("-") ? terminalName + "-256color" : nil
        var info = neffos_screen_info()
        switch neffos_screen_open(input, output, terminalName, richer, locale, wantsColor, mouse, &info) {
        case NEFFOS_SCREEN_OK: break
        case NEFFOS_SCREEN_BUSY: throw .busy
        case NEFFOS_SCREEN_NOT_A_TERMINAL: throw .notATerminal
        case NEFFOS_SCREEN_UNKNOWN: throw .unknownTerminal(terminalName)
        case NEFFOS_SCREEN_INCAPABLE: throw .incapable(terminalName)
        default: throw .failed
        }
        isUTF8 = info.is_utf8 && !ascii
        colorDepth =
            switch info.colors {
            case ..<8: .mono
            case ..<16: .eight
            case ..<256: .sixteen
            default: .indexed256
            }
        let size = Size(columns: Int(info.columns), rows: Int(info.rows))
        packedSize = Atomic(Self.pack(size))
        screen = Mutex(
            NcursesScreen(
                size: size, depth: colorDepth, isUTF8: isUTF8, pairs: Int(info.pairs), hasDefaultColors: info.has_default_colors))
    }

    deinit {
        close()
    }

    public var size: Size {
        let packed = packedSize.load(ordering: .acquiring)
        return Size(columns: Int(packed >> 32), rows: Int(packed & 0xFFFF_FFFF))
    }

    public func draw(_ changes: [FrameDiff.Run], cursor: Position?) {
        screen.withLock { $0.draw(changes, cursor: cursor) }
    }

    public func clear() {
        screen.withLock { $0.clear() }
    }

    public func copy(_ text: String) {
        screen.withLock { $0.copy(Array(text.utf8.prefix(Self.longestCopy))) }
    }

    public func wait(timeout: Duration?) -> [TerminalEvent] {
        Self.prepareThread()
        return screen.withLock { screen in
            let events = screen.wait(timeout: timeout) { isClosing.load(ordering: .acquiring) }
            packedSize.store(Self.pack(screen.size), ordering: .releasing)
            return events
        }
    }

    public func wake() {
        neffos_guard_wake()
    }

    public func suspend() {
        screen.withLock { $0.suspend() }
    }

    public func close() {
        // Whoever waits holds the lock; the wake makes it see the flag and let go.
        isClosing.store(true, ordering: .releasing)
        wake()
        screen.withLock { $0.close() }
    }

    /// Gives the calling thread a stack for signal handlers, so that the terminal is restored even when its own stack overflows. The
    /// thread that waits has one; others of the process may call this once when they start. Idempotent, cheap.
    public static func prepareThread() {
        neffos_guard_prepare_thread()
    }

    private static func pack(_ size: Size) -> UInt64 {
        UInt64(size.columns) << 32 | UInt64(size.rows)
    }

    private static func variable(_ name: String) -> String {
        getenv(name).map { String(cString: $0) } ?? ""
    }
}
