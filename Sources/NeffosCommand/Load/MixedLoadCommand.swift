import ArgumentParser
import NIOCore
import Neffos
import Synchronization

/// `neffos load mixed`: some of everything, as in a working day.
struct MixedLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed",
        abstract: "Some of everything: clients ask, rooms talk, and some fall out and come back meanwhile.",
        discussion: """
            Every client asks now and then; in every room somebody talks; some clients are cut off and come back by themselves. What passes while \
            a client is away is not lost. It ends early where nobody is left, or all were away for longer than --every and --drain together. \
            1000 connections, if --connections does not say.
            """)

    @OptionGroup var options: LoadOptions
    @Option(
        help: ArgumentHelp(
            "Rooms that the clients are spread over (default: 50, or one for every two of fewer than 100).", valueName: "count"))
    var rooms: Int?
    @Option(help: ArgumentHelp("The event that is answered with the same body.", valueName: "name"))
    var askEvent = "echo"
    @Option(help: ArgumentHelp("The event that the server broadcasts to the room, the sender too.", valueName: "name"))
    var event = "chat"
    @Option(help: ArgumentHelp("Asks a second of each client.", valueName: "number"))
    var asks = 1.0
    @Option(help: ArgumentHelp("Messages a second into each room.", valueName: "number"))
    var rate = 1.0
    @Option(help: ArgumentHelp("Percent of the clients that are cut off in a minute.", valueName: "number"))
    var churn = 10.0
    @Option(
        help: ArgumentHelp("How long a client waits before each attempt to come back (default: 500ms).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var every = DurationText(milliseconds: 500)
    @Option(help: ArgumentHelp("Percent of each wait that chance takes away or adds.", valueName: "number"))
    var jitter = 20
    @Option(
        help: ArgumentHelp("Of each body, at least 16 bytes (default: 128).", valueName: "size"), transform: ByteCount.init(argument:))
    var size = ByteCount(bytes: 128)
    @Option(help: ArgumentHelp("How long (default: 10s).", valueName: "duration"), transform: DurationText.init(argument:))
    var duration = DurationText(milliseconds: 10_000)
    @Option(
        help: ArgumentHelp("How long to wait for the last answers, deliveries and returns (default: 5s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var drain = DurationText(milliseconds: 5000)

    /// Who talks in a room is never cut off: of two clients in each, one can be.
    func rooms(for connections: Int) -> Int { min(rooms ?? max(1, min(50, connections / 2)), connections) }

    func validate() throws {
        try LoadOptions.check(rooms, "--rooms", 1...(options.connections ?? 1000))
        try LoadOptions.check(jitter, "--jitter", 0...100)
        try ValidRate.check(asks, "--asks")
        try ValidRate.check(rate, "--rate")
        try ValidSize.check(size)
        guard (0...6000).contains(churn) else { throw ValidationError("--churn: \(churn) is out of range; write 0 to 6000") }
        if every.milliseconds == 0 { throw ValidationError("--every: \"0s\" is too short; write at least 1ms") }
        if duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
    }

    func run() async throws {
        try await LoadSession.run("mixed", options, connections: 1000) { session throws(CommandFailure) in try await measure(session) }
    }

    private func measure(_ session: LoadSession) async throws(CommandFailure) -> MixedReport {
        var plan = session.plan(rooms: rooms(for: session.connections))
        plan.reconnect = Reconnection(interval: every.duration, jitter: Double(jitter) / 100)
        let traffic = Traffic(plan: plan, loops: session.loops, event: event)
        let returns = ReturnTally()
        let fleet = LoadFleet(plan: plan, loops: session.loops, stop: session.stop)
        let namespace = options.namespace
        let opening = try await session.open(fleet) { number, _ in
            var wish = LoadFleet.Wish(namespace: namespace)
            traffic.listen(number, to: &wish, namespace: namespace)
            wish.trace = { step in
                if case .changed(let change) = step, returns.changed(number, change) { traffic.members[number].leave() }
            }
            wish.onProblem = { returns.problem($0) }
            return wish
        }
        let members = fleet.members
        let publishers = traffic.publishers(
            of: members,
            plan: RoomPublisher.Plan(
                namespace: namespace, event: event, size: size.bytes, rate: rate, ackTimeout: .seconds(2),
                most: Traffic.mostMessages / plan.rooms))
        let lanes = session.loops.loops.map {
            AskLane(
                loop: $0,
                plan: AskPlan(
                    namespace: namespace, event: askEvent, size: size.bytes, inflight: 1, rate: asks,
                    comesBack: true))
        }
        for member in members {
            guard let lane = lanes.first(where: { $0.loop === member.loop }) else { continue }
            await lane.add(member)
        }
        let before = session.serverUsage
        let meter = session.loops.measure()
        let start = ContinuousClock.now
        for lane in lanes {
            lane.measure()
            lane.start()
        }
        for (publisher, member) in publishers { publisher.start(member) }
        let talking = Set(publishers.map { ObjectIdentifier($0.member) })
        let movable = members.filter { !talking.contains(ObjectIdentifier(traffic.members[$0.number])) }
        let churning = Task { await cut(movable, of: members.count, returns) }
        let desertion = Mutex(Desertion(patience: every.duration + drain.duration))
        let isDeserted: @Sendable () -> Bool = {
            fleet.hasLostAll || desertion.withLock { $0.isOver(isAnybodyThere: fleet.isAnybodyThere, at: .now) }
        }
        await session.run("mixed", for: duration.duration, unless: isDeserted) {
            "\(LoadText.count(lanes.reduce(0) { $0 + $1.answered })) answered, \(LoadText.count(traffic.received)) delivered, "
                + "\(LoadText.count(returns.now.returned)) back"
        }
        let hasLostAll = isDeserted()
        churning.cancel()
        await churning.value
        for lane in lanes { lane.stop() }
        for (publisher, _) in publishers { publisher.stop() }
        let elapsed = (ContinuousClock.now - start).seconds
        // Who had that long to come back is not waited for again.
        if !hasLostAll { await drain(lanes, traffic, returns) }
        let cost = await session.loops.cost(since: meter)
        let after = session.serverUsage
        var asked = AskTally()
        for lane in lanes { asked.add(await lane.end()) }
        let tally = await traffic.result(of: members, publishers: publishers.map(\.publisher))
        let returned = returns.now
        await fleet.close()
        return MixedReport(
            header: session.header, opening: opening, rooms: plan.rooms, size: size.bytes, seconds: rounded(elapsed),
            hasLostAll: hasLostAll, asked: asked, tally: tally,
            returns: returned, server: ServerUsage(from: before, to: after), cost: cost)
    }

    /// Cuts clients off in an order that chance gives, evenly over time.
    private func cut(_ movable: [LoadFleet.Member], of count: Int, _ returns: ReturnTally) async {
        let perSecond = Double(count) * churn / 100 / 60
        guard perSecond > 0, !movable.isEmpty else { return }
        let order = movable.shuffled()
        let start = ContinuousClock.now
        var done = 0
        while !Task.isCancelled {
            let due = Int((ContinuousClock.now - start).seconds * perSecond)
            while done < due {
                let member = order[done % order.count]
                if returns.cut(member.number) { member.client.drop() }
                done += 1
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func drain(_ lanes: [AskLane], _ traffic: Traffic, _ returns: ReturnTally) async {
        let end = ContinuousClock.now + drain.duration
        var received = traffic.received
        var quietSince = ContinuousClock.now
        // What is still to be delivered cannot be known where some were away: nothing new for half a second is the end.
        while ContinuousClock.now < end {
            let isDone = !lanes.contains { $0.outstanding > 0 } && returns.now.away.isEmpty
            if isDone, .now - quietSince > .milliseconds(500) { return }
            try? await Task.sleep(for: .milliseconds(10))
            let now = traffic.received
            if now != received { (received, quietSince) = (now, .now) }
        }
    }
}
