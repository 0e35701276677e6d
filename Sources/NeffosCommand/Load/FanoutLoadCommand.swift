import ArgumentParser
import NIOCore
import Neffos

/// `neffos load fanout`: broadcasts.
struct FanoutLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout",
        abstract: "Publish into rooms, and count what reaches their members: lost, twice, out of order.",
        discussion: """
            Each room has one publisher. It sends the next message when its own copy of the last one has come back; or, with --rate, so \
            often, and what is late counts from when it was due. 1000 connections, if --connections does not say.
            """)

    @OptionGroup var options: LoadOptions
    @Option(help: ArgumentHelp("The event that the server broadcasts to the room, the sender too.", valueName: "name"))
    var event = "chat"
    @Option(help: ArgumentHelp("Rooms that the clients are spread over.", valueName: "count"))
    var rooms = 1
    @Option(help: ArgumentHelp("Messages a second into each room.", valueName: "number"))
    var rate: Double?
    @Option(
        help: ArgumentHelp("Of each body, at least 16 bytes (default: 128).", valueName: "size"), transform: ByteCount.init(argument:))
    var size = ByteCount(bytes: 128)
    @Option(help: ArgumentHelp("How long to publish (default: 8s).", valueName: "duration"), transform: DurationText.init(argument:))
    var duration = DurationText(milliseconds: 8000)
    @Option(
        help: ArgumentHelp("How long a publisher without --rate waits for its own copy (default: 2s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var ackTimeout = DurationText(milliseconds: 2000)
    @Option(
        help: ArgumentHelp("After publishing, stop waiting when nothing has come for this long (default: 2s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var drain = DurationText(milliseconds: 2000)

    /// After publishing, one waits no longer than this, whatever still comes.
    private static let drainLimit = Duration.seconds(30)

    func validate() throws {
        try LoadOptions.check(rooms, "--rooms", 1...(options.connections ?? 1000))
        try ValidRate.check(rate, "--rate")
        try ValidSize.check(size)
        if duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
    }

    func run() async throws {
        try await LoadSession.run("fanout", options, connections: 1000) { session throws(CommandFailure) in try await measure(session) }
    }

    private func measure(_ session: LoadSession) async throws(CommandFailure) -> FanoutReport {
        let plan = session.plan(rooms: min(rooms, session.connections))
        let traffic = Traffic(plan: plan, loops: session.loops, event: event)
        let fleet = LoadFleet(plan: plan, loops: session.loops, stop: session.stop)
        let namespace = options.namespace
        let opening = try await session.open(fleet) { number, _ in
            var wish = LoadFleet.Wish(namespace: namespace)
            traffic.listen(number, to: &wish, namespace: namespace)
            return wish
        }
        let members = fleet.members
        let publishers = traffic.publishers(
            of: members,
            plan: RoomPublisher.Plan(
                namespace: namespace, event: event, size: size.bytes, rate: rate ?? 0, ackTimeout: ackTimeout.duration,
                most: Traffic.mostMessages / plan.rooms))
        let before = session.serverUsage
        let meter = session.loops.measure()
        let start = ContinuousClock.now
        for (publisher, member) in publishers { publisher.start(member) }
        await session.run("fanout", for: duration.duration, unless: { fleet.hasLostAll }) {
            "\(LoadText.count(traffic.published)) published, \(LoadText.count(traffic.received)) delivered"
        }
        let hasLostAll = fleet.hasLostAll
        for (publisher, _) in publishers { publisher.stop() }
        let elapsed = (ContinuousClock.now - start).seconds
        let whilePublishing = traffic.received
        // To nobody nothing comes any more.
        let drained = hasLostAll ? 0 : await drain(traffic, expected: traffic.expected(of: members))
        let cost = await session.loops.cost(since: meter)
        let after = session.serverUsage
        // Doubles may follow the last first copy.
        try? await Task.sleep(for: .milliseconds(50))
        let tally = await traffic.result(of: members, publishers: publishers.map(\.publisher))
        let dropped = fleet.dropped
        await fleet.close()
        return FanoutReport(
            header: session.header, opening: opening, rooms: plan.rooms, size: size.bytes, rate: rate, seconds: rounded(elapsed),
            hasLostAll: hasLostAll, expected: traffic.expected(of: members),
            deliveriesPerSecond: elapsed > 0 ? rounded(Double(whilePublishing) / elapsed) : 0,
            drain: rounded(drained), tally: tally, connectionErrors: dropped, server: ServerUsage(from: before, to: after), cost: cost)
    }

    /// Lets the deliveries that are under way arrive.
    ///
    /// - Returns: the time to the last of them, in seconds.
    private func drain(_ traffic: Traffic, expected: Int) async -> Double {
        let stopped = ContinuousClock.now
        var received = traffic.received
        var lastChange = stopped
        while received < expected, .now - lastChange < drain.duration, .now - stopped < Self.drainLimit {
            try? await Task.sleep(for: .milliseconds(10))
            let now = traffic.received
            if now != received { (received, lastChange) = (now, .now) }
        }
        return (lastChange - stopped).seconds
    }
}
