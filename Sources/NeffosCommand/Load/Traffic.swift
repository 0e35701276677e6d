import NIOCore
import Neffos

/// Rooms, their members and publishers: what `fanout` and `mixed` share.
struct Traffic: Sendable {
    let rooms: [TrafficRoom]
    let lanes: [TrafficLane]
    let members: [TrafficMember]
    let event: String

    /// Messages that are remembered, over all rooms: twelve bytes each in every loop.
    static let mostMessages = 8 << 20

    init(plan: FleetPlan, loops: LoadLoops, event: String) {
        let rooms = (0..<max(1, plan.rooms)).map { TrafficRoom(number: $0, name: plan.room(of: $0)) }
        let lanes = loops.loops.map { TrafficLane(loop: $0, rooms: rooms.count) }
        self.rooms = rooms
        self.lanes = lanes
        self.event = event
        members = (0..<plan.count).map {
            TrafficMember(room: rooms[$0 % rooms.count], lane: lanes[$0 % lanes.count], event: event)
        }
    }

    /// Makes a client hear what is said in its room.
    func listen(_ number: Int, to wish: inout LoadFleet.Wish, namespace: String) {
        let member = members[number]
        wish.handlers.on(event, in: namespace) { _, message in
            member.received(room: message.room, isError: message.isError, body: message.body)
            return .none
        }
    }

    /// One for each room: its first member that is there.
    func publishers(of fleet: [LoadFleet.Member], plan: RoomPublisher.Plan) -> [(publisher: RoomPublisher, member: TrafficMember)] {
        var taken: Set<Int> = []
        return fleet.compactMap { member in
            let own = members[member.number]
            guard taken.insert(own.room.number).inserted else { return nil }
            return (RoomPublisher(room: own.room, client: member.client, plan: plan, loop: member.loop), own)
        }
    }

    var received: Int { lanes.reduce(0) { $0 + $1.received } }
    var published: Int { rooms.reduce(0) { $0 + $1.published } }

    /// How many deliveries there are to be, where nobody is away.
    func expected(of fleet: [LoadFleet.Member]) -> Int { fleet.reduce(0) { $0 + members[$1.number].room.published } }

    func result(of fleet: [LoadFleet.Member], publishers: [RoomPublisher]) async -> TrafficTally {
        var tally = TrafficTally()
        tally.published = published
        for member in fleet {
            let member = members[member.number]
            guard let order = await member.end() else { continue }
            tally.add(order, published: member.room.published)
        }
        var states: [TrafficLane.State] = []
        for lane in lanes {
            if let state = await lane.end() { states.append(state) }
        }
        for state in states {
            tally.bad += state.bad
            tally.badSample = tally.badSample ?? state.badSample
        }
        var sizes = Array(repeating: 0, count: rooms.count)
        for member in fleet { sizes[members[member.number].room.number] += 1 }
        for publisher in publishers {
            let (due, timeouts) = await publisher.end()
            tally.ackTimeouts += timeouts
            tally.add(due: due, ledgers: states.map { $0.ledgers[publisher.room.number] }, members: sizes[publisher.room.number])
        }
        return tally
    }
}

/// What became of the messages of all rooms.
struct TrafficTally: Sendable {
    var published = 0
    var received = 0
    var lost = 0
    var duplicates = 0
    var outOfOrder = 0
    var missedWhileAway = 0
    var bad = 0
    var badSample: String?
    /// Messages that all members have.
    var complete = 0
    var ackTimeouts = 0
    /// From when a message was due to its last delivery.
    var latencies = Latencies()

    mutating func add(_ order: DeliveryOrder, published: Int) {
        received += order.received
        duplicates += order.duplicates
        outOfOrder += order.outOfOrder
        missedWhileAway += order.missedWhileAway
        lost += order.lost(of: published)
    }

    /// - Parameters:
    ///   - due: of a room's messages.
    ///   - ledgers: what each loop has seen of them.
    mutating func add(due: [UInt64], ledgers: [TrafficLane.Ledger], members: Int) {
        for (number, due) in due.enumerated() {
            var receivers = 0
            var last: UInt64 = 0
            for ledger in ledgers where number < ledger.receivers.count {
                receivers += Int(ledger.receivers[number])
                last = max(last, ledger.last[number])
            }
            guard receivers > 0 else { continue }
            latencies.record(nanoseconds: last > due ? last - due : 0)
            if receivers == members { complete += 1 }
        }
    }
}
