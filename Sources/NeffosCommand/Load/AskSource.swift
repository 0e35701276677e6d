import NIOCore
import Neffos
import Synchronization

/// What is asked, and how often.
struct AskPlan: Sendable {
    var namespace: String
    var event: String
    var size: Int
    var inflight: Int
    /// Asks a second of each connection; 0: the next when one is answered.
    var rate: Double
    /// Whether the connections are ones that are cut and come back: then that is nothing to complain of.
    var comesBack = false
}

/// What became of asks.
struct AskTally: Sendable {
    var latencies = Latencies()
    var messages = 0
    var bad = 0
    var outOfOrder = 0
    var unanswered = 0
    /// Due, but too many were outstanding.
    var skipped = 0
    /// In flight when their connection was cut on purpose.
    var cut = 0
    var badSample: String?

    mutating func add(_ other: AskTally) {
        latencies.add(other.latencies)
        messages += other.messages
        bad += other.bad
        outOfOrder += other.outOfOrder
        unanswered += other.unanswered
        skipped += other.skipped
        cut += other.cut
        badSample = badSample ?? other.badSample
    }
}

/// The asking connections of one loop. All of its state belongs to that loop.
final class AskLane: Sendable {
    let loop: any EventLoop
    fileprivate let plan: AskPlan
    fileprivate let state: NIOLoopBoundBox<State>
    private let answeredCount = Atomic(0)
    private let outstandingCount = Atomic(0)

    fileprivate struct State {
        var sources: [AskSource] = []
        var tally = AskTally()
        var phase = Phase.warmup
        /// With a rate: how many of this lane were due, and since when.
        var due = 0
        var start = NIODeadline.now()
        var timer: RepeatedTask?
    }

    fileprivate enum Phase { case warmup, measure, stop }

    /// How often one looks who is due.
    private static let lookEvery = TimeAmount.milliseconds(1)

    init(loop: any EventLoop, plan: AskPlan) {
        self.loop = loop
        self.plan = plan
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Of all phases, for those who wait.
    var answered: Int { answeredCount.load(ordering: .relaxed) }
    var outstanding: Int { outstandingCount.load(ordering: .relaxed) }

    func add(_ member: LoadFleet.Member) async {
        let source = AskSource(client: member.client, lane: self)
        try? await loop.submit { self.state.value.sources.append(source) }.get()
    }

    func start() {
        loop.execute {
            self.state.value.start = .now()
            if self.plan.rate > 0 {
                self.state.value.timer = self.loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.lookEvery) { _ in self.askDue() }
                return
            }
            for source in self.state.value.sources {
                for _ in 0..<self.plan.inflight { source.ask(due: .now()) }
            }
        }
    }

    func measure() {
        // What was answered before is not counted yet; what went wrong is.
        loop.execute { self.state.value.phase = .measure }
    }

    func stop() {
        loop.execute {
            self.state.value.phase = .stop
            self.state.value.timer?.cancel()
        }
    }

    /// What was found; answers that still come are not counted.
    func end() async -> AskTally {
        let tally = try? await loop.submit {
            self.state.value.timer?.cancel()
            var tally = self.state.value.tally
            tally.unanswered += self.outstanding
            return tally
        }.get()
        return tally ?? AskTally()
    }

    /// An open loop: who is late does not slow the schedule down, and the delay counts as latency.
    private func askDue() {
        let count = state.value.sources.count
        guard count > 0 else { return }
        let perSecond = plan.rate * Double(count)
        let now = NIODeadline.now()
        while true {
            let number = state.value.due
            let due = state.value.start + .nanoseconds(Int64(Double(number) / perSecond * 1e9))
            guard due <= now else { return }
            state.value.due += 1
            state.value.sources[number % count].ask(due: due)
        }
    }

    // MARK: What its sources tell

    fileprivate func asked() { outstandingCount.wrappingAdd(1, ordering: .relaxed) }

    fileprivate func skipped() { state.value.tally.skipped += 1 }

    /// - Returns: whether the next one is to be asked.
    fileprivate func answered(after nanoseconds: Int64, isRight: Bool, isInOrder: Bool, sample: @autoclosure () -> String) -> Bool {
        outstandingCount.wrappingSubtract(1, ordering: .relaxed)
        answeredCount.wrappingAdd(1, ordering: .relaxed)
        if !isRight {
            state.value.tally.bad += 1
            if state.value.tally.badSample == nil { state.value.tally.badSample = sample() }
        } else {
            if !isInOrder { state.value.tally.outOfOrder += 1 }
            if state.value.phase == .measure {
                state.value.tally.latencies.record(nanoseconds: UInt64(max(0, nanoseconds)))
                state.value.tally.messages += 1
            }
        }
        return state.value.phase != .stop && plan.rate == 0
    }

    fileprivate func unanswered(wasCut: Bool) {
        outstandingCount.wrappingSubtract(1, ordering: .relaxed)
        if wasCut { state.value.tally.cut += 1 } else { state.value.tally.unanswered += 1 }
    }
}

/// One connection that asks.
final class AskSource: Sendable {
    private let client: Client
    private unowned let lane: AskLane
    private let state: NIOLoopBoundBox<State>

    private struct State {
        var next = 0
        var outstanding = 0
        var highest = -1
    }

    /// With a rate, more than so many are not asked: the server is too far behind for them to tell anything new.
    static let mostOutstanding = 16_384

    init(client: Client, lane: AskLane) {
        self.client = client
        self.lane = lane
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: lane.loop)
    }

    func ask(due: NIODeadline) {
        if lane.plan.comesBack {
            // Only once it is in its namespace again.
            guard case .connected = client.state else { return }
        }
        guard let connection = client.connection, state.value.outstanding < Self.mostOutstanding else { return lane.skipped() }
        let number = state.value.next
        state.value.next += 1
        state.value.outstanding += 1
        lane.asked()
        let plan = lane.plan
        let message = Message(namespace: plan.namespace, event: plan.event, body: NumberedBody.make(number, size: plan.size))
        connection.ask(message, within: nil) { result in self.ended(number, due: due, result, on: connection) }
    }

    private func ended(_ number: Int, due: NIODeadline, _ result: Result<Message, any Error>, on connection: Connection) {
        state.value.outstanding -= 1
        switch result {
        case .success(let reply):
            let isRight = NumberedBody.number(of: reply.body) == number && reply.body.readableBytes == lane.plan.size
            answered(number, due: due, isRight: isRight, sample: "another body than was sent")
        case .failure(let error as NeffosError) where error.code == .writeClosed:
            lane.unanswered(wasCut: lane.plan.comesBack)
        case .failure(let error):
            answered(number, due: due, isRight: false, sample: "\(error)")
        }
    }

    private func answered(_ number: Int, due: NIODeadline, isRight: Bool, sample: @autoclosure () -> String) {
        let isInOrder = number > state.value.highest
        state.value.highest = max(number, state.value.highest)
        let taken = (NIODeadline.now() - due).nanoseconds
        // What an error says would only be said again, as fast as it goes.
        if lane.answered(after: taken, isRight: isRight, isInOrder: isInOrder, sample: sample()), isRight { ask(due: .now()) }
    }
}
