import Foundation
import NeffosTerminalConsole
import Synchronization
import Terminal

/// The prompt on a terminal: what is printed meanwhile stands above it. Without a terminal it does nothing.
final class DialScreen: Sendable {
    private struct State {
        var editor: LineEditor
        var isShown = false
    }

    static let prompt = "> "

    private let state: Mutex<State>

    init() { state = Mutex(State(editor: LineEditor(words: DialScript.names))) }

    /// Whether both ends of the prompt are a terminal that can be edited on.
    static var isTerminal: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Prints with the prompt out of the way.
    func around(_ print: () -> Void) {
        state.withLock { state in
            if state.isShown { Self.write("\r\u{1B}[K") }
            print()
            if state.isShown { Self.draw(state.editor) }
        }
    }

    /// Reads keys until the end of the input or a Control-D.
    func read(_ take: @escaping @Sendable (String) -> Void, end: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            guard TerminalMode.enter() else { return end() }
            defer { TerminalMode.leave() }
            state.withLock { state in
                state.isShown = true
                Self.draw(state.editor)
            }
            var keys = KeyBytes()
            var bytes = [UInt8](repeating: 0, count: 4096)
            reading: while true {
                let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                for key in keys.take(bytes[..<count]) where !handle(key, take) { break reading }
            }
            hide()
            end()
        }
        thread.name = "neffos prompt"
        thread.start()
    }

    /// - Returns: whether it goes on.
    private func handle(_ key: Key, _ take: (String) -> Void) -> Bool {
        let outcome = state.withLock { state in
            let line = state.editor
            let outcome = state.editor.update(key)
            switch outcome {
            case .submitted:
                // It stays on the screen as it was typed.
                Self.write("\r\u{1B}[K" + line.row(prompt: Self.prompt, columns: Self.columns).text + "\r\n")
            case .choices(let words): Self.write("\r\u{1B}[K" + words.joined(separator: "  ") + "\r\n")
            case .editing, .ended, .suspended: break
            }
            Self.draw(state.editor)
            return outcome
        }
        switch outcome {
        case .submitted(let line): take(line)
        case .ended: return false
        case .suspended:
            state.withLock { _ in Self.write("\r\u{1B}[K") }
            TerminalMode.suspend()
            state.withLock { Self.draw($0.editor) }
        case .editing, .choices: break
        }
        return true
    }

    func hide() {
        state.withLock { state in
            if state.isShown { Self.write("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    private static func draw(_ editor: LineEditor) {
        let (text, cursor) = editor.row(prompt: prompt, columns: columns)
        write("\r\u{1B}[K\(text)\r" + (cursor > 0 ? "\u{1B}[\(cursor)C" : ""))
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// A terminal that gives each key as it is typed. It is as it was again after ``leave()`` and at the end of the process.
enum TerminalMode {
    /// What it was; nil while it is that.
    private static let before = Mutex<termios?>(nil)

    static func enter() -> Bool {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return false }
        before.withLock { $0 = settings }
        atexit { TerminalMode.leave() }
        return set(settings)
    }

    static func leave() {
        before.withLock { before in
            if var settings = before { tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) }
            before = nil
        }
    }

    /// Stops the process, as the terminal would have; returns when it goes on.
    static func suspend() {
        guard let settings = before.withLock({ $0 }) else { return }
        leave()
        // The whole foreground job, as the terminal does it; SIGTSTP would only be seen by whoever handles it.
        kill(0, SIGSTOP)
        before.withLock { $0 = settings }
        _ = set(settings)
    }

    private static func set(_ settings: termios) -> Bool {
        var keys = settings
        // Signals stay those of the terminal, but for the one that stops us: it would leave the terminal like this.
        keys.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        keys.c_iflag &= ~tcflag_t(IXON)
        withUnsafeMutableBytes(of: &keys.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
            characters[Int(VSUSP)] = 0
        }
        return tcsetattr(STDIN_FILENO, TCSADRAIN, &keys) == 0
    }
}
