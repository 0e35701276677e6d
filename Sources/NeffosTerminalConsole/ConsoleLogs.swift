import Foundation
public import NeffosConsole
import NeffosFeed
import Synchronization

/// Where a process' log lines go: to the console's log pane while the screen is the console's, else to standard error; never onto the
/// screen.
public final class ConsoleLogs: Sendable {
    private enum Place {
        case held([ConsoleLog.Line])
        case standardError
        case console(@Sendable (ConsoleLog.Line) -> Void)
    }

    /// Lines kept back before the first one; later ones are dropped.
    private static let mostHeld = 200
    private let place: Mutex<Place>

    /// - Parameter held: whether lines are kept back until it is said where they go, up to 200 of them.
    public init(held: Bool = false) { place = Mutex(held ? .held([]) : .standardError) }

    /// Takes a line to wherever lines go now.
    public func write(_ line: ConsoleLog.Line) {
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
    /// - Parameter least: of what was kept back, only this and worse: what a server that never listened had to tell is of no use.
    public func toStandardError(from least: ConsoleLog.Level = .debug) {
        place.withLock { place in
            if case .held(let lines) = place { for line in lines where line.level >= least { Output.error(Self.text(of: line)) } }
            place = .standardError
        }
    }

    /// From now on to the console; what was kept back first.
    public func toConsole(_ write: @escaping @Sendable (ConsoleLog.Line) -> Void) {
        place.withLock { place in
            if case .held(let lines) = place { for line in lines { write(line) } }
            place = .console(write)
        }
    }

    private static func text(of line: ConsoleLog.Line) -> String { "\(line.time.iso8601) \(line.level) \(line.text)" }
}
