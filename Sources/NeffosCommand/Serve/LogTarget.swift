import Foundation
import NeffosConsole
import NeffosFeed
import Synchronization

/// Where log lines go: kept back until the server listens, so that its address is the first line; then to standard error, or to the console's
/// log pane while the screen is the console's.
final class LogTarget: Sendable {
    private enum Place {
        case held([ConsoleLog.Line])
        case standardError
        case console(@Sendable (ConsoleLog.Line) -> Void)
    }

    /// Lines kept back before the first one; later ones are dropped and counted.
    private static let mostHeld = 200
    private let place = Mutex<Place>(.held([]))

    func write(_ line: ConsoleLog.Line) {
        place.withLock { place in
            switch place {
            case .held(var lines):
                guard lines.count < Self.mostHeld else { return }
                place = .held([])
                lines.append(line)
                place = .held(lines)
            case .standardError: Output.error(Self.text(of: line))
            case .console(let write): write(line)
            }
        }
    }

    /// From now on to standard error; what was kept back first.
    func toStandardError() {
        place.withLock { place in
            if case .held(let lines) = place { for line in lines { Output.error(Self.text(of: line)) } }
            place = .standardError
        }
    }

    /// From now on to the console; what was kept back first.
    func toConsole(_ write: @escaping @Sendable (ConsoleLog.Line) -> Void) {
        place.withLock { place in
            if case .held(let lines) = place { for line in lines { write(line) } }
            place = .console(write)
        }
    }

    private static func text(of line: ConsoleLog.Line) -> String { "\(line.time.iso8601) \(line.level) \(line.text)" }
}
