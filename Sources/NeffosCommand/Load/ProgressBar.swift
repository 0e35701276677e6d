import Foundation
import Synchronization
import Terminal

/// One line on standard error that tells how far a load is, where that is a terminal.
final class ProgressBar: Sendable {
    private let isShown: Bool
    private let ascii: Bool
    private let last = Mutex("")

    init(isWanted: Bool = true) {
        let environment = ProcessInfo.processInfo.environment
        isShown = isWanted && isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        ascii = !locale.lowercased().replacing("-", with: "").contains("utf8")
    }

    /// Shows how far it is until `body` is done.
    ///
    /// - Parameter state: asked five times a second for what is done, 0 to 1 or nil where nobody knows, and a few words.
    func during<Value>(
        _ label: String, _ state: @escaping @Sendable () -> (done: Double?, detail: String), _ body: () async -> Value
    ) async -> Value {
        guard isShown else { return await body() }
        let drawing = Task {
            while !Task.isCancelled {
                let (done, detail) = state()
                draw(Self.line(label, done: done, detail: detail, columns: Self.columns, ascii: ascii))
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        let value = await body()
        drawing.cancel()
        await drawing.value
        clear()
        return value
    }

    private func draw(_ line: String) {
        last.withLock { last in
            if last != line { Self.write("\r\u{1B}[K" + line) }
            last = line
        }
    }

    private func clear() {
        last.withLock { last in
            if !last.isEmpty { Self.write("\r\u{1B}[K") }
            last = ""
        }
    }

    /// `opening  ████████▌       1 024 of 2 000`, in one line of the terminal.
    static func line(_ label: String, done: Double?, detail: String, columns: Int, ascii: Bool) -> String {
        let width = 24
        var text = label
        if let done {
            let eighths = Int((min(max(done, 0), 1) * Double(width * 8)).rounded(.down))
            let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
            var bar = String(repeating: ascii ? "#" : "█", count: eighths / 8) + (ascii ? "" : partial[eighths % 8])
            bar += String(repeating: ascii ? "." : " ", count: width - bar.count)
            text += "  [\(bar)]"
        }
        // The last column stays free: a cursor behind it may be in the next line.
        return SafeText.escaped(text + "  " + detail, maximum: max(0, columns - 1), ascii: ascii)
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
