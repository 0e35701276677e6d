import Foundation
public import NcursesBackend
public import NeffosConsole
import Synchronization

/// The console on the terminal of this process, on a thread of its own.
public final class TerminalConsole: Sendable {
    private let loop: ConsoleLoop
    private let ended = Mutex<(exit: ConsoleExit?, waiting: [CheckedContinuation<ConsoleExit, Never>])>((nil, []))

    /// Takes the terminal of standard output.
    ///
    /// - Parameters:
    ///   - source: what it shows.
    ///   - color: whether colours are wished for.
    /// - Throws: ``NcursesError`` where the terminal cannot show a screen; nothing has been written to it then.
    public init(
        source: some ObservatorySource, options: ConsoleOptions = ConsoleOptions(), color: ColorWish = .auto
    ) throws(NcursesError) {
        let backend = try NcursesBackend(color: color, ascii: options.ascii == true, mouse: options.mouse)
        loop = ConsoleLoop(backend: backend, source: source, options: options)
    }

    /// Shows it, until the operator leaves or ``stop()`` is called.
    public func start() {
        let thread = Thread { self.end(self.loop.run()) }
        thread.name = "neffos console"
        // The screens are drawn by deep calls of values; the usual half megabyte of some systems is little.
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Ends the console if it runs, and waits until the terminal is as it was before.
    @discardableResult
    public func stop() async -> ConsoleExit {
        loop.stop()
        return await exit()
    }

    /// Why the console ended, once it has; the terminal is as it was before then.
    public func exit() async -> ConsoleExit {
        await withCheckedContinuation { continuation in
            let exit = ended.withLock { ended -> ConsoleExit? in
                if ended.exit == nil { ended.waiting.append(continuation) }
                return ended.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    private func end(_ exit: ConsoleExit) {
        let waiting = ended.withLock { ended in
            ended.exit = exit
            defer { ended.waiting = [] }
            return ended.waiting
        }
        for continuation in waiting { continuation.resume(returning: exit) }
    }
}
