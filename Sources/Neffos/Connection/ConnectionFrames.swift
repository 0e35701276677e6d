import NIOCore
import NeffosFeed
import NeffosSession
import NeffosWire

/// The bytes of a channel, to and from a ``Connection``: parses frames in place, answers control frames, and withholds reads while the
/// connection cannot take more. Called by its ``ConnectionHandler``.
extension Connection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wheelSlot = Int32(loop.wheel.insert(self))
        perform(machine.opened())
        settle()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
        self.context = nil
    }

    func channelRead(_ bytes: consuming ByteBuffer) {
        guard phase == .open || phase == .closing else { return }
        lastReceived = .now()
        isPinged = false
        isReading = true
        loop.isReading = true
        parser.append(bytes)
        parseFrames()
    }

    func channelReadComplete() {
        guard isReading else { return }
        isReading = false
        loop.isReading = false
        flush()
        loop.flushDirty()
    }

    /// Reads are withheld by not passing them on; ``resumeReading()`` asks for the one that was.
    func read(context: ChannelHandlerContext) {
        if !isPaused { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable || endpoint.outboxBytes == 0
        if isWritable {
            resumeReading()
        } else {
            // The other side does not read our replies: it gets no more of them until it does.
            isPaused = true
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A lost network; what there is to know of it is that it is lost.
        context.close(promise: nil)
    }

    // MARK: Frames

    func parseFrames() {
        isParsing = true
        takeFrames()
        isParsing = false
        if phase == .closed { endSession() }
    }

    private func takeFrames() {
        var messages = 0
        var bytes = 0
        defer { count(in: messages, bytes: bytes) }
        while !isPaused, phase == .open || phase == .closing {
            let event: WireEvent?
            do {
                event = try parser.next()
            } catch {
                violation(kind: error.kind, detail: error.detail)
                close(error.closeCode, reason: error.detail, by: isServer ? .server : .client)
                endOutput()
                return
            }
            guard let event else { return }
            switch event {
            case .message(let payload, let isBinary):
                // Messages count from the ack on.
                if isAcknowledged {
                    messages += 1
                    bytes += payload.readableBytes
                    if isTapped { show(payload, isBinary: isBinary, .in) }
                }
                received(payload, isBinary: isBinary)
            case .ping(let payload): pong(payload)
            case .pong(let payload): ponged(payload)
            case .close(let code, let reason): receivedClose(code, reason: reason)
            }
        }
    }

    /// After a broken frame nothing of the other side can be understood any more, its close frame neither: ours is the last word, and the
    /// end of TCP the answer. Closing at once could cost the other side what is on its way.
    private func endOutput() {
        guard isServer, phase == .closing, let context else { return }
        flush()
        context.close(mode: .output, promise: nil)
    }

    private func count(in messages: Int, bytes: Int) {
        traffic.countIn(messages, bytes: bytes)
        loop.counters.traffic.countIn(messages, bytes: bytes)
    }

    private func pong(_ payload: ByteBuffer) {
        guard phase == .open else { return }
        if out.capacity == 0 { out = loop.takeBuffer() }
        FrameSerializer.write(opcode: .pong, fin: true, payload: payload, mask: mask, into: &out)
    }

    /// Why reads are withheld: the queue is full, the other side does not read what we send, or its broadcasts wait. A closing connection
    /// reads on, to find the other side's close frame.
    private var mustWithhold: Bool { phase == .open && (!isWritable || isThrottled || isBusy && isQueueFull) }

    /// Goes on reading, if nothing stands in the way, in the loop's next turn: this may be called from within a handler.
    func resumeReading() {
        guard isPaused else { return }
        loop.loop.execute { self.continueReading() }
    }

    /// Goes on where reading was withheld: first what was parsed, then what was received, then the socket.
    private func continueReading() {
        guard isPaused, !mustWithhold, phase == .open || phase == .closing else { return }
        isPaused = false
        let outermost = !isReading
        isReading = true
        drainQueue()
        parseFrames()
        if outermost {
            isReading = false
            flush()
            loop.flushDirty()
        }
        if !isPaused { context?.read() }
    }

    /// The channel is gone.
    func ended() {
        guard phase != .closed else { return }
        phase = .closed
        deadline?.cancel()
        deadline = nil
        loop.wheel.remove(self, slot: Int(wheelSlot))
        queue.removeAll()
        out = ByteBuffer()
        endPings()
        if isReading {
            isReading = false
            loop.isReading = false
        }
        if !isParsing { endSession() }
    }

    /// What the end of the channel means for the session. A row of actions that waits for an asynchronous handler is finished first: who was
    /// let into a room on its way has to be taken out again.
    private func endSession() {
        let actions = machine.closed()
        operations?.failAll()
        if rows == 0 { carryOutEnd(actions) } else { ending = actions }
        loop.flushDirty()
    }

    func carryOutEnd(_ actions: [SessionAction]) {
        let info = closeCause ?? .lost
        perform(actions) {
            self.owner.closed(self, info: info)
            let waiting = self.waitingForEnd ?? []
            self.waitingForEnd = nil
            for continuation in waiting { continuation.resume(returning: info) }
        }
    }
}
