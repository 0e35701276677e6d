import Glibc
import NIOCore
import NeffosSession
package import NeffosWire

/// For whoever feeds one connection more than it may take at once: the admin address' feed.
extension Connection {
    /// Sends messages in one write. Those of a namespace that the connection is not in are dropped.
    ///
    /// - Parameters:
    ///   - messages: at least one.
    ///   - whenWritten: told, on the connection's loop, once the system has taken them all, or with false that the connection has ended. Who
    ///     waits for it before the next burst never has more than one in the outbox.
    package func emit(_ messages: [Message], whenWritten: @escaping @Sendable (Bool) -> Void) {
        onLoop {
            for message in messages { self.perform(self.machine.emit(message), lane: .immediate) }
            self.flush()
            guard self.phase == .open, let context = self.context else { return whenWritten(false) }
            // Writes are taken in their order: what has nothing in it is taken after all before it.
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { result in
                if case .success = result { whenWritten(true) } else { whenWritten(false) }
            }
            context.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
        }
    }

    /// Answers an ask whose handler has returned ``Reply/none``, so that the connection's other asks need not wait for it.
    package func answer(_ ask: Message, _ body: ByteBuffer, isBinary: Bool = false) {
        onLoop {
            var ask = ask
            if isBinary { ask.isBinary = true }
            self.send(ask.reply(body))
        }
    }

    /// Answers an ask likewise, with an error.
    package func answer(_ ask: Message, failure text: String) { onLoop { self.send(ask.failure(text)) } }

    /// Who is on the other side of a Unix socket, as the system says; nil on others.
    package func peerUser() async -> UInt32? {
        let user: EventLoopFuture<UInt32?> = loop.loop.flatSubmit {
            guard let channel = self.context?.channel, channel.remoteAddress?.protocol == .unix || channel.localAddress?.protocol == .unix,
                let options = channel as? any SocketOptionProvider
            else { return self.loop.loop.makeSucceededFuture(nil) }
            let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
                level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
            return credentials.map { $0.user }
        }
        return try? await user.get()
    }
}

/// What the system calls `struct ucred`, which its header shows only to those who ask for all of GNU's.
private struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
}
