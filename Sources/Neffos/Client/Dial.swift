import NIOCore

/// A probe or an upgrade under way: bounded in time, and able to be given up.
struct Dial<Value: Sendable>: Sendable {
    /// Completed once, by whoever is first: the answer, a failure, the time limit or ``abandon()``.
    let promise: EventLoopPromise<Value>
    /// Fails where the channel is to be closed; succeeds when the dial is over.
    private let abandoned: EventLoopPromise<Void>

    var result: EventLoopFuture<Value> { promise.futureResult }

    init(on loop: any EventLoop, within limit: Duration) {
        let promise = loop.makePromise(of: Value.self)
        let abandoned = loop.makePromise(of: Void.self)
        self.promise = promise
        self.abandoned = abandoned
        let timer = loop.scheduleTask(in: TimeAmount(limit)) { abandoned.fail(ClientError.dialTimedOut) }
        abandoned.futureResult.whenFailure { promise.fail($0) }
        promise.futureResult.whenComplete { _ in
            timer.cancel()
            abandoned.succeed()
        }
    }

    /// Makes the dial close `channel` if it is given up.
    func adopt(_ channel: any Channel) {
        abandoned.futureResult.whenFailure { _ in channel.close(promise: nil) }
    }

    func abandon() { abandoned.fail(CancellationError()) }
}
