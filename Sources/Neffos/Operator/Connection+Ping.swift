import NIOCore
import NeffosWire
import Synchronization

/// Pings that somebody waits for, and what the heartbeat's tell.
extension Connection {
    /// Pings of one connection under way.
    struct Ping {
        let token: UInt64
        let sentAt: NIODeadline
        let done: @Sendable (Int?) -> Void
        let timer: Scheduled<Void>
    }

    /// More would only measure each other.
    private static let mostPings = 8
    private static let nextPing = Atomic<UInt64>(1)

    /// Sends a ping and waits for its answer.
    ///
    /// - Returns: the round trip in microseconds; nil where no answer came in time, or the connection ends.
    func ping(within limit: Duration) async -> Int? {
        await withCheckedContinuation { continuation in
            onLoop { self.ping(within: TimeAmount(limit)) { continuation.resume(returning: $0) } }
        }
    }

    private func ping(within limit: TimeAmount, _ done: @escaping @Sendable (Int?) -> Void) {
        let watch = watch ?? ConnectionWatch()
        guard phase == .open, watch.pings.count < Self.mostPings else { return done(nil) }
        self.watch = watch
        let token = Self.nextPing.wrappingAdd(1, ordering: .relaxed).oldValue
        let timer = loop.loop.scheduleTask(in: limit) { self.endPing(token, nil) }
        watch.pings.append(Ping(token: token, sentAt: .now(), done: done, timer: timer))
        if out.capacity == 0 { out = loop.takeBuffer() }
        FrameSerializer.write(opcode: .ping, fin: true, payload: ByteBuffer(integer: token), mask: mask, into: &out)
        flushSoon()
    }

    private func endPing(_ token: UInt64, _ trip: Int?) {
        guard let watch, let index = watch.pings.firstIndex(where: { $0.token == token }) else { return }
        let ping = watch.pings.remove(at: index)
        ping.timer.cancel()
        ping.done(trip)
    }

    /// The other side has answered a ping, or says that it did.
    func ponged(_ payload: ByteBuffer) {
        if pingedAt > 0, payload.readableBytes == 0 {
            noteRoundTrip(since: .uptimeNanoseconds(pingedAt))
            pingedAt = 0
        }
        guard let watch, let token = payload.getInteger(at: payload.readerIndex, as: UInt64.self), payload.readableBytes == 8,
            let ping = watch.pings.first(where: { $0.token == token })
        else { return }
        noteRoundTrip(since: ping.sentAt)
        endPing(token, Int(roundTrip))
    }

    private func noteRoundTrip(since sent: NIODeadline) {
        roundTrip = Int32(clamping: max(0, (lastReceived - sent).nanoseconds / 1000))
    }

    /// The connection is gone: nobody waits for ever.
    func endPings() {
        guard let watch, !watch.pings.isEmpty else { return }
        let pings = watch.pings
        watch.pings = []
        for ping in pings {
            ping.timer.cancel()
            ping.done(nil)
        }
    }
}

/// What few connections have: somebody who looks at them.
final class ConnectionWatch {
    var pings: [Connection.Ping] = []
    var budget = TapBudget()
}
