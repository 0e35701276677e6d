import NIOCore

/// A probe or an upgrade under way: bounded in time, and able to be given up. Touched on its loop only.
struct Dial<Value: Sendable>: Sendable {
    private struct State {
        var isOver = false
        /// Closed where the dial is given up.
        var channel: (any Channel)?
    }

    /// Completed once, by whoever is first: the answer, a failure, the time limit or ``abandon()``.
    let promise: EventLoopPromise<Value>
    private let state: NIOLoopBoundBox<State>

    var result: EventLoopFuture<Value> { promise.futureResult }

    init(on loop: any EventLoop, within limit: Duration) {
        promise = loop.makePromise(of: Value.self)
        let state = NIOLoopBoundBox(State(), eventLoop: loop)
        self.state = state
        let timer = loop.scheduleTask(in: TimeAmount(limit)) { [self] in giveUp(ClientError.dialTimedOut) }
        promise.futureResult.whenComplete { _ in
            timer.cancel()
            state.value = State(isOver: true)
        }
    }

    /// Whether nobody waits for it any more.
    var isOver: Bool { state.value.isOver }

    /// Makes the dial close `channel`, its only one from now on, if it is given up, or was.
    func adopt(_ channel: any Channel) {
        if isOver { return channel.close(promise: nil) }
        state.value.channel = channel
    }

    func abandon() { giveUp(CancellationError()) }

    private func giveUp(_ error: any Error) {
        let channel = state.value.channel
        promise.fail(error)
        channel?.close(promise: nil)
    }
}
