import NIOCore
import Neffos
import Synchronization

/// Sends the numbered messages of one room, from the connection of its first member. All of its state belongs to that one's loop.
final class RoomPublisher: Sendable {
    let room: TrafficRoom
    private let client: Client
    private let plan: Plan
    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let isDone = Atomic(false)

    struct Plan: Sendable {
        var namespace: String
        var event: String
        var size: Int
        /// Messages a second; 0: the next when the publisher's own copy of the last has come.
        var rate: Double
        /// How long it waits for its own copy.
        var ackTimeout: Duration
        /// So many at most: what is remembered of each is bounded.
        var most: Int
    }

    private struct State {
        var start = NIODeadline.now()
        /// When each was, or should have been, published.
        var due: [UInt64] = []
        var timeouts = 0
        var timer: RepeatedTask?
        var patience: Scheduled<Void>?
    }

    private static let lookEvery = TimeAmount.milliseconds(1)

    init(room: TrafficRoom, client: Client, plan: Plan, loop: any EventLoop) {
        self.room = room
        self.client = client
        self.plan = plan
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// - Parameter member: that of the publisher's own connection.
    func start(_ member: TrafficMember) {
        loop.execute {
            self.state.value.start = .now()
            if self.plan.rate > 0 {
                self.state.value.timer = self.loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.lookEvery) { _ in
                    self.publishDue()
                }
            } else {
                member.follow { number in self.gotOwn(number) }
                self.publish(due: .now())
                self.beginPatience()
            }
        }
    }

    func stop() {
        isDone.store(true, ordering: .relaxed)
        loop.execute {
            self.state.value.timer?.cancel()
            self.state.value.patience?.cancel()
        }
    }

    /// When each message was due, and how many own copies were waited for in vain.
    func end() async -> (due: [UInt64], timeouts: Int) {
        let result = try? await loop.submit { (self.state.value.due, self.state.value.timeouts) }.get()
        return result ?? ([], 0)
    }

    /// An open loop: who is late does not slow the schedule down, and the delay counts as latency.
    private func publishDue() {
        let now = NIODeadline.now()
        while true {
            let due = state.value.start + .nanoseconds(Int64(Double(state.value.due.count) / plan.rate * 1e9))
            guard due <= now, publish(due: due) else { return }
        }
    }

    @discardableResult
    private func publish(due: NIODeadline) -> Bool {
        let number = state.value.due.count
        guard !isDone.load(ordering: .relaxed), number < plan.most, let connection = client.connection else { return false }
        state.value.due.append(due.uptime)
        room.publish(number)
        let body = NumberedBody.make(number, size: plan.size)
        connection.emit(Message(namespace: plan.namespace, room: room.name, event: plan.event, body: body))
        return true
    }

    private func gotOwn(_ number: Int) {
        guard number == state.value.due.count - 1 else { return }
        state.value.patience?.cancel()
        if publish(due: .now()) { beginPatience() }
    }

    private func beginPatience() {
        state.value.patience = loop.scheduleTask(in: TimeAmount(plan.ackTimeout)) {
            guard !self.isDone.load(ordering: .relaxed) else { return }
            self.state.value.timeouts += 1
            if self.publish(due: .now()) { self.beginPatience() }
        }
    }
}
