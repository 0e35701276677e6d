import NIOCore
import NeffosSession
import NeffosWire

/// The end of a connection, wished or noticed (protocol section 6).
extension Connection {
    /// Sends a close frame and waits for the other side's (RFC 6455 section 7.1).
    func close(_ code: CloseCode, reason: String, by party: CloseInfo.Party) {
        guard phase == .open, let context else { return }
        if out.capacity == 0 { out = loop.takeBuffer() }
        FrameSerializer.writeClose(code, reason: reason, mask: mask, into: &out)
        phase = .closing
        closeCause = CloseInfo(code: code, reason: reason, by: party)
        queue.removeAll()
        queueBytes = 0
        resumeReading()
        flushSoon()
        deadline?.cancel()
        deadline = context.eventLoop.scheduleTask(in: endpoint.closeWithin) { self.cut() }
    }

    /// The other side's close frame came: answer it if it was first, then close the channel once all is written.
    func receivedClose(_ code: CloseCode?, reason: String) {
        guard let context else { return }
        if phase == .open {
            if out.capacity == 0 { out = loop.takeBuffer() }
            FrameSerializer.writeClose(code, reason: "", mask: mask, into: &out)
            closeCause = CloseInfo(code: code ?? .noStatus, reason: reason, by: isServer ? .client : .server)
        }
        phase = .finishing
        flush()
        // Only a server closes first, so that the client is not left with the waiting state (RFC 6455 section 7.1.1); but a peer that
        // never does must not hold us either.
        if isServer {
            context.close(promise: nil)
        } else {
            deadline?.cancel()
            deadline = context.eventLoop.scheduleTask(in: endpoint.closeWithin) { self.cut() }
        }
    }

    /// Closes the TCP connection without another word.
    func cut(_ info: CloseInfo? = nil) {
        guard phase != .closed, let context else { return }
        if closeCause == nil { closeCause = info }
        context.close(promise: nil)
    }

    /// The deadline of the ack has passed (protocol section 2).
    func acknowledgementDue() {
        guard phase == .open, !isAcknowledged else { return }
        if machine.isDeciding { return close(.internalError, reason: "deciding took too long", by: .server) }
        violation(kind: "no-ack", detail: "the client did not send M in time")
        close(.protocolError, reason: "no acknowledgement in time", by: .server)
    }

    // MARK: Heartbeat

    /// Called when this connection's turn on the wheel comes.
    func beat(now: NIODeadline) {
        // Silence that is our own doing, reads being withheld, is no sign of anything.
        guard phase == .open, isAcknowledged || lastReceived != openedAt, !isPaused || !isWritable else { return }
        let decision = Heartbeat.decide(
            now: now.uptimeNanoseconds, lastReceived: lastReceived.uptimeNanoseconds, pinged: isPinged,
            every: UInt64(endpoint.heartbeatEvery.nanoseconds), timeout: UInt64(endpoint.heartbeatTimeout.nanoseconds))
        switch decision {
        case .nothing: break
        case .ping:
            isPinged = true
            pingedAt = NIODeadline.now().uptimeNanoseconds
            if out.capacity == 0 { out = loop.takeBuffer() }
            FrameSerializer.write(opcode: .ping, fin: true, payload: ByteBuffer(), mask: mask, into: &out)
            flushSoon()
        case .cut:
            cut(CloseInfo(code: .abnormal, reason: "missed the heartbeat", by: .network))
        }
    }
}
