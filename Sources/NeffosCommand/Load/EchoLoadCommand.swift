import ArgumentParser
import NIOCore
import Neffos

/// `neffos load echo`: round trips.
struct EchoLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Ask for the same body back, again and again: round trips, and answers that do not come.",
        discussion: """
            Every connection keeps a number of asks in flight; or, with --rate, asks so often, whether the answers come or not, and what is \
            late counts from when it was due. 64 connections, if --connections does not say.
            """)

    @OptionGroup var options: LoadOptions
    @Option(help: ArgumentHelp("The event that is answered with the same body.", valueName: "name"))
    var event = "echo"
    @Option(help: ArgumentHelp("Asks that each connection keeps in flight.", valueName: "count"))
    var inflight = 16
    @Option(help: ArgumentHelp("Asks a second of each connection, instead of --inflight.", valueName: "number"))
    var rate: Double?
    @Option(
        help: ArgumentHelp("Of each body, at least 16 bytes (default: 128).", valueName: "size"), transform: ByteCount.init(argument:))
    var size = ByteCount(bytes: 128)
    @Option(
        help: ArgumentHelp("How long before the measurement begins (default: 1s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var warmup = DurationText(milliseconds: 1000)
    @Option(help: ArgumentHelp("How long to measure (default: 8s).", valueName: "duration"), transform: DurationText.init(argument:))
    var duration = DurationText(milliseconds: 8000)
    @Option(
        help: ArgumentHelp("How long to wait for the last answers (default: 5s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var drain = DurationText(milliseconds: 5000)

    func validate() throws {
        try LoadOptions.check(inflight, "--inflight", 1...AskSource.mostOutstanding)
        try ValidRate.check(rate, "--rate")
        try ValidSize.check(size)
        if duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
    }

    func run() async throws {
        try await LoadSession.run("echo", options, connections: 64) { session throws(CommandFailure) in try await measure(session) }
    }

    private func measure(_ session: LoadSession) async throws(CommandFailure) -> EchoReport {
        let fleet = LoadFleet(plan: session.plan(rooms: 0), loops: session.loops, stop: session.stop)
        let namespace = options.namespace
        let opening = try await session.open(fleet) { _, _ in LoadFleet.Wish(namespace: namespace) }
        let members = fleet.members
        let plan = AskPlan(
            namespace: namespace, event: event, size: size.bytes, inflight: inflight, rate: rate ?? 0)
        let lanes = session.loops.loops.map { AskLane(loop: $0, plan: plan) }
        for member in members {
            guard let lane = lanes.first(where: { $0.loop === member.loop }) else { continue }
            await lane.add(member)
        }
        for lane in lanes { lane.start() }
        let asked: @Sendable () -> String = { "\(LoadText.count(lanes.reduce(0) { $0 + $1.answered })) answered" }
        // A rate over a time in which nobody was left to ask would mean nothing.
        let hasLostAll: @Sendable () -> Bool = { fleet.hasLostAll }
        await session.run("warming up", for: warmup.duration, unless: hasLostAll, asked)
        let before = session.serverUsage
        let meter = session.loops.measure()
        let start = ContinuousClock.now
        for lane in lanes { lane.measure() }
        await session.run("echo", for: duration.duration, unless: hasLostAll, asked)
        let isNobodyLeft = hasLostAll()
        for lane in lanes { lane.stop() }
        let elapsed = (ContinuousClock.now - start).seconds
        let cost = await session.loops.cost(since: meter)
        let after = session.serverUsage

        let limit = ContinuousClock.now + drain.duration
        while lanes.contains(where: { $0.outstanding > 0 }), ContinuousClock.now < limit { try? await Task.sleep(for: .milliseconds(5)) }
        var tally = AskTally()
        for lane in lanes { tally.add(await lane.end()) }
        let dropped = fleet.dropped
        await fleet.close()
        return EchoReport(
            header: session.header, opening: opening, inflight: inflight, rate: rate, size: size.bytes, seconds: rounded(elapsed),
            hasLostAll: isNobodyLeft, tally: tally, connectionErrors: dropped, server: ServerUsage(from: before, to: after), cost: cost)
    }
}

/// Checks of options that several kinds have.
enum ValidRate {
    static let most = 1_000_000.0

    static func check(_ rate: Double?, _ option: String) throws {
        guard let rate, !(rate > 0 && rate <= most) else { return }
        throw ValidationError("\(option): \(rate) is out of range; write a number above 0, at most \(Int(most))")
    }
}

enum ValidSize {
    /// The largest message that our client takes back.
    static let most = 1 << 20

    static func check(_ size: ByteCount) throws {
        guard !(NumberedBody.digits...most).contains(size.bytes) else { return }
        throw ValidationError("--size: \(size.text) is out of range; write \(NumberedBody.digits) to 1MiB")
    }
}

extension ByteCount {
    /// As an option takes it: what is wrong is told after its name.
    init(argument: String) throws { try self.init(parsing: argument) }
}
