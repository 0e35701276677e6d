import NIOCore
import Synchronization

/// A room with one publisher, whose messages are numbered from 0.
final class TrafficRoom: Sendable {
    let number: Int
    let name: String
    /// How many messages there are.
    private let publishedCount = Atomic(0)

    init(number: Int, name: String) {
        self.number = number
        self.name = name
    }

    var published: Int { publishedCount.load(ordering: .acquiring) }

    func publish(_ number: Int) { publishedCount.store(number + 1, ordering: .releasing) }
}

/// What the receivers of one loop have seen. All of its state belongs to that loop, so that a delivery touches nothing that is shared.
final class TrafficLane: Sendable {
    let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let receivedCount = Atomic(0)

    /// By room and message.
    struct Ledger: Sendable {
        /// How many have it.
        var receivers: [Int32] = []
        /// When the last of them got it, in nanoseconds of the monotonic clock.
        var last: [UInt64] = []
    }

    struct State: Sendable {
        var ledgers: [Ledger]
        var bad = 0
        var badSample: String?
    }

    init(loop: any EventLoop, rooms: Int) {
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(
            State(ledgers: Array(repeating: Ledger(), count: rooms)), eventLoop: loop)
    }

    /// Deliveries without doubles, for those who wait.
    var received: Int { receivedCount.load(ordering: .relaxed) }

    func delivered(_ number: Int, in room: Int) {
        receivedCount.wrappingAdd(1, ordering: .relaxed)
        let missing = number + 1 - state.value.ledgers[room].receivers.count
        if missing > 0 {
            state.value.ledgers[room].receivers.append(contentsOf: repeatElement(0, count: missing))
            state.value.ledgers[room].last.append(contentsOf: repeatElement(0, count: missing))
        }
        state.value.ledgers[room].receivers[number] += 1
        state.value.ledgers[room].last[number] = NIODeadline.now().uptime
    }

    func bad(_ sample: @autoclosure () -> String) {
        state.value.bad += 1
        if state.value.badSample == nil { state.value.badSample = sample() }
    }

    func end() async -> State? { try? await loop.submit { self.state.value }.get() }
}

extension NIODeadline {
    /// Nanoseconds of the monotonic clock.
    var uptime: UInt64 { UInt64(clamping: (self - .uptimeNanoseconds(0)).nanoseconds) }
}

/// One connection in a room. All of its state belongs to its loop.
final class TrafficMember: Sendable {
    let room: TrafficRoom
    let lane: TrafficLane
    private let event: String
    private let state: NIOLoopBoundBox<State>

    private struct State {
        var order = DeliveryOrder()
        /// Told of each message, where this is the publisher.
        var onOwn: (@Sendable (Int) -> Void)?
    }

    init(room: TrafficRoom, lane: TrafficLane, event: String) {
        self.room = room
        self.lane = lane
        self.event = event
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: lane.loop)
    }

    /// A message of the event; on the loop.
    func received(room name: String, isError: Bool, body: ByteBuffer) {
        guard !isError, name == room.name, let number = NumberedBody.number(of: body), number < room.published else {
            let text = isError ? String(buffer: body) : "a message that was not published here"
            return lane.bad(text)
        }
        let before = state.value.order.received
        state.value.order.take(number)
        guard state.value.order.received > before else { return }
        lane.delivered(number, in: room.number)
        state.value.onOwn?(number)
    }

    /// On the loop.
    func follow(_ onOwn: @escaping @Sendable (Int) -> Void) { state.value.onOwn = onOwn }

    /// It was cut off; on the loop.
    func leave() { state.value.order.leave() }

    func end() async -> DeliveryOrder? { try? await lane.loop.submit { self.state.value.order }.get() }
}
