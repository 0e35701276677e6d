import Foundation
import NcursesBackend
import NeffosConsole
import Synchronization

/// Runs the console on a thread of its own.
final class ConsoleHost: Sendable {
    private let loop: ConsoleLoop
    private let ended = Mutex<(exit: ConsoleExit?, waiting: [CheckedContinuation<ConsoleExit, Never>])>((nil, []))

    /// - Throws: ``NcursesError`` where the terminal cannot show a screen; nothing has been written to it then.
    init(options: ServeCommand, source: ServeSource) throws(NcursesError) {
        let color = ColorWish(rawValue: options.color.rawValue) ?? .auto
        let backend = try NcursesBackend(color: color, ascii: options.ascii)
        let console = ConsoleOptions(framesPerSecond: options.fps, isServing: true, canSuspend: false, ascii: options.ascii ? true : nil)
        loop = ConsoleLoop(backend: backend, source: source, options: console)
    }

    func start() {
        let thread = Thread { self.end(self.loop.run()) }
        thread.name = "neffos console"
        // The screens are drawn by deep calls of values; the usual half megabyte of some systems is little.
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Ends the console if it runs, and waits until the terminal is as it was before.
    @discardableResult
    func stop() async -> ConsoleExit {
        loop.stop()
        return await exit()
    }

    /// Why the console ended, once it has; the terminal is as it was before then.
    func exit() async -> ConsoleExit {
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
