import NIOCore
import Synchronization

/// The way onto an event loop from elsewhere, until the loop is shut down: what NIO is given after that never runs, and whoever waited for it
/// would wait for ever.
final class LoopGate: Sendable {
    private let loop: any EventLoop
    private let isShut = Mutex(false)

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Runs `body` on the loop. Once the loop is shut down nothing of its connections is open or runs there any more: then `body`, which finds
    /// them closed, runs here and alone. It must not come back to the gate.
    func execute(_ body: @escaping @Sendable () -> Void) {
        isShut.withLock { isShut in
            if isShut { body() } else { loop.execute(body) }
        }
    }

    /// Whether `body` will run on the loop; false once that is shut down.
    func tryExecute(_ body: @escaping @Sendable () -> Void) -> Bool {
        isShut.withLock { isShut in
            if !isShut { loop.execute(body) }
            return !isShut
        }
    }

    /// To be called when all connections of the loop have ended, before it is shut down.
    func shut() { isShut.withLock { $0 = true } }
}
