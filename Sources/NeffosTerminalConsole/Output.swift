import Foundation
import Terminal

/// Writes whole lines to the standard streams, made safe for a terminal. Nothing else in the
/// command writes to them, but for the feed.
package enum Output {
    /// A line on standard error.
    package static func error(_ line: String) { write(SafeText.escaped(line) + "\n", to: STDERR_FILENO) }

    /// A line on standard output.
    package static func line(_ line: String) { write(SafeText.escaped(line) + "\n", to: STDOUT_FILENO) }

    /// Text that is safe already, such as a help page.
    package static func text(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: descriptor)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more; there is nobody to tell.
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
