import DequeModule
import Logging
import NIOCore
import NeffosFeed
import NeffosSession
import NeffosWire

/// From frames to handlers: drives the session machine and carries out what it decides.
extension Connection {
    // MARK: Received

    func received(_ payload: ByteBuffer, isBinary: Bool) {
        // A closing connection has said its last word: what still comes is not handled (RFC 6455 section 5.5.1).
        guard phase == .open else { return }
        guard isBusy else { return step(machine.receive(payload, isBinary: isBinary)) }
        if machine.hasPendingOperations, let actions = machine.receiveAnswer(payload, isBinary: isBinary) {
            perform(actions, lane: .immediate)
            return
        }
        wait(payload, isBinary: isBinary)
    }

    /// Keeps a frame until the running handler ends. A full queue withholds reads, unless that handler waits for its own client: then reading
    /// on is the only way to its answer, and keeping on would be unbounded.
    private func wait(_ payload: ByteBuffer, isBinary: Bool) {
        // A copy of its own: a slice would keep the whole read buffer.
        let copy = ByteBuffer(bytes: payload.readableBytesView)
        queue.append(EarlyFrame(payload: copy, isBinary: isBinary))
        queueBytes += copy.readableBytes
        guard isQueueFull else { return }
        isPaused = true
        closeIfStuck()
    }

    var isQueueFull: Bool { queue.count >= endpoint.queueFrames || queueBytes >= endpoint.queueBytes }

    /// A handler that waits for its client, whose answer is behind what the full queue has no room for, would wait in vain.
    func closeIfStuck() {
        guard isBusy, isQueueFull, machine.hasPendingOperations else { return }
        close(.overloaded, reason: "messages wait for a handler that waits for its client", by: isServer ? .server : .client)
    }

    func drainQueue() {
        while !isBusy, isWritable, phase == .open, let frame = queue.popFirst() {
            queueBytes -= frame.payload.readableBytes
            step(machine.receive(frame.payload, isBinary: frame.isBinary))
        }
    }

    @inline(__always)
    private func step(_ step: consuming SessionStep) {
        switch consume step {
        case .deliver(let message): deliver(message, to: endpoint.handlers.handler(for: message.event, in: message.namespace))
        case .deliverNative(let message):
            deliver(message, to: endpoint.handlers.handler(of: SystemEvent.nativeMessage.rawValue, in: ""), isNative: true)
        case .actions(let actions): if tolerates(actions) { perform(actions) }
        case .immediate(let actions): perform(actions, lane: .immediate)
        case .ignore: break
        }
    }

    private func deliver(_ message: consuming Message, to handler: EventHandlers.Handler?, isNative: Bool = false) {
        switch handler {
        case nil: break
        case .synchronous(let handle):
            let result: Result<Reply, any Error>
            do {
                result = .success(
                    try handle(NamespaceConnection(connection: self, namespace: message.namespace, room: message.room), message))
            } catch {
                result = .failure(error)
            }
            answer(message, with: result, isNative: isNative)
        case .asynchronous(let handle):
            isBusy = true
            let message = message
            let started = NIODeadline.now()
            Task.immediate(executorPreference: loop.executor) {
                let result: Result<Reply, any Error>
                do {
                    result = .success(
                        try await handle(NamespaceConnection(connection: self, namespace: message.namespace, room: message.room), message))
                } catch {
                    result = .failure(error)
                }
                self.onLoop {
                    self.loop.handlerTook(.now() - started)
                    self.answer(message, with: result, isNative: isNative)
                    self.handlerEnded()
                }
            }
        }
    }

    /// A native message has no field that could say that its handler failed: the failure stays here.
    @inline(__always)
    private func answer(_ message: consuming Message, with result: Result<Reply, any Error>, isNative: Bool) {
        // An error is never answered, or two peers could go on for ever.
        if message.isError { return }
        switch result {
        case .success(.none): break
        case .success(.body(let body)):
            if isNative { sendNative(body, isBinary: message.isBinary) } else { send(message.reply(body)) }
        case .success(.binary(let body)):
            message.isBinary = true
            if isNative { sendNative(body, isBinary: true) } else { send(message.reply(body)) }
        case .failure(let error):
            if isNative {
                endpoint.logger.warning("a handler of native messages failed", metadata: ["error": "\(error)"])
            } else {
                send(message.failure(text(of: error)))
            }
        }
    }

    private func handlerEnded() {
        isBusy = false
        drainQueue()
        if !isBusy, queue.isEmpty { resumeReading() }
    }

    /// What the other side is told of an error that a handler threw.
    func text(of error: any Error) -> String { endpoint.errors.text(of: error, endpoint.logger) }

    // MARK: Actions

    /// In which order actions run beside a handler that is still running.
    enum Lane {
        /// After it; later frames wait for them.
        case ordered
        /// At once: they follow from an answer to us, which that very handler may be waiting for.
        case immediate
    }

    func perform(_ actions: [SessionAction], lane: Lane = .ordered, completion: (@Sendable () -> Void)? = nil) {
        perform(actions[...], lane: lane, completion: completion)
        if lane == .ordered, !isBusy, !queue.isEmpty { drainQueue() }
    }

    private func perform(_ actions: ArraySlice<SessionAction>, lane: Lane, completion: (@Sendable () -> Void)?) {
        var rest = actions
        while let action = rest.popFirst() {
            guard case .call(let call) = action else {
                carryOut(action)
                continue
            }
            switch endpoint.handlers.handler(of: call.event.rawValue, in: call.namespace) {
            case nil:
                if call.awaitsOutcome { rest = machine.resolve(call, refusal: nil) + rest }
            case .synchronous(let handle):
                let refusal: String?
                do {
                    _ = try handle(NamespaceConnection(connection: self, call: call), call.message)
                    refusal = nil
                } catch {
                    refusal = text(of: error)
                }
                if call.awaitsOutcome { rest = machine.resolve(call, refusal: refusal) + rest }
            case .asynchronous(let handle):
                if lane == .ordered { isBusy = true }
                let following = rest
                rows += 1
                start(handle, call) { refusal in
                    if lane == .ordered { self.isBusy = false }
                    let next = call.awaitsOutcome ? self.machine.resolve(call, refusal: refusal) + following : following
                    self.perform(next, lane: lane, completion: completion)
                    self.rowEnded()
                    if lane == .ordered, !self.isBusy { self.handlerEnded() }
                }
                return
            }
        }
        completion?()
    }

    private func rowEnded() {
        rows -= 1
        guard rows == 0, let actions = ending else { return }
        ending = nil
        carryOutEnd(actions)
    }

    private func start(
        _ handle: @escaping EventHandlers.Asynchronous, _ call: HandlerCall, then: @escaping @Sendable (_ refusal: String?) -> Void
    ) {
        let subject = NamespaceConnection(connection: self, call: call)
        let message = call.message
        let started = NIODeadline.now()
        Task.immediate(executorPreference: loop.executor) {
            let refusal: String?
            do {
                _ = try await handle(subject, message)
                refusal = nil
            } catch {
                refusal = text(of: error)
            }
            self.onLoop {
                self.loop.handlerTook(.now() - started)
                then(refusal)
            }
        }
    }

    private func carryOut(_ action: SessionAction) {
        switch action {
        case .send(let message): send(message)
        case .sendText(let payload): sendText(payload)
        case .decideAcknowledgement: owner.decideAcknowledgement(of: self)
        case .acknowledged(let id):
            isAcknowledged = true
            if !isServer { self.id = id }
            owner.acknowledged(self)
        case .refused(let text): owner.refused(self, text: text)
        case .replay(let frames):
            for frame in frames.reversed() {
                queue.prepend(frame)
                queueBytes += frame.payload.readableBytes
            }
        case .call: break
        case .entered(let namespace):
            loop.members.enter(self, namespace: namespace)
            operations?.entered(namespace)
            loop.feed?.publish(.namespaceConnected(.init(connection: id, namespace: namespace)))
        case .left(let namespace, let forced):
            loop.members.leave(self, namespace: namespace)
            loop.feed?.publish(.namespaceDisconnected(.init(connection: id, namespace: namespace, forced: forced)))
        case .denied(let namespace, let error):
            loop.feed?.publish(.namespaceDenied(.init(connection: id, namespace: namespace, error: error)))
        case .joined(let namespace, let room):
            loop.members.join(self, namespace: namespace, room: room)
            loop.feed?.publish(.roomJoined(.init(connection: id, namespace: namespace, room: room)))
        case .parted(let namespace, let room, let forced):
            loop.members.part(self, namespace: namespace, room: room)
            loop.feed?.publish(.roomLeft(.init(connection: id, namespace: namespace, room: room, forced: forced)))
        case .deniedRoom(let namespace, let room, let error):
            loop.feed?.publish(.roomDenied(.init(connection: id, namespace: namespace, room: room, error: error)))
        case .finish(let operation, let outcome): operations?.finish(operation, outcome)
        case .violation(let kind, let detail): violation(kind: kind, detail: detail)
        case .close(let code, let reason): close(code, reason: reason, by: isServer ? .server : .client)
        }
    }

    /// Publishes a violation; a peer that goes on and on costs the feed no more than its droppable share.
    func violation(kind: String, detail: String) {
        loop.feed?.publish(.protocolViolation(.init(connection: id, kind: kind, detail: detail)))
    }
}
