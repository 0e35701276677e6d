import ArgumentParser
import NIOCore
import Neffos

/// `neffos load idle`: connections that do nothing.
struct IdleLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Connect and stay: how fast they are taken, what each costs in memory, and whether they last.",
        discussion: "10000 connections, if --connections does not say; from several addresses of loopback where one has not ports enough.")

    @OptionGroup var options: LoadOptions
    @Option(help: ArgumentHelp("Rooms that the clients are spread over, at most one each; 0: none.", valueName: "count"))
    var rooms = 100
    @Option(help: ArgumentHelp("How long to stay (default: 5s).", valueName: "duration"), transform: DurationText.init(argument:))
    var duration = DurationText(milliseconds: 5000)

    func validate() throws { try LoadOptions.check(rooms, "--rooms", 0...LoadOptions.mostConnections) }

    func run() async throws {
        try await LoadSession.run("idle", options, connections: 10_000) { session throws(CommandFailure) in try await measure(session) }
    }

    private func measure(_ session: LoadSession) async throws(CommandFailure) -> IdleReport {
        let plan = session.plan(rooms: min(rooms, session.connections))
        let fleet = LoadFleet(plan: plan, loops: session.loops, stop: session.stop)
        let namespace = options.namespace
        let before = session.serverUsage
        let meter = session.loops.measure()
        let opening = try await session.open(fleet) { _, _ in LoadFleet.Wish(namespace: namespace) }
        let ready = session.serverUsage
        let start = ContinuousClock.now
        await session.run("idle", for: duration.duration, unless: { fleet.hasLostAll }) { "\(LoadText.count(fleet.dropped)) dropped" }
        let elapsed = (ContinuousClock.now - start).seconds
        let hasLostAll = fleet.hasLostAll
        let after = session.serverUsage
        let cost = await session.loops.cost(since: meter)
        let dropped = fleet.dropped
        await fleet.close()
        return IdleReport(
            header: session.header, opening: opening, rooms: plan.rooms, seconds: rounded(elapsed), hasLostAll: hasLostAll,
            dropped: dropped,
            setup: ServerUsage(from: before, to: ready), server: ServerUsage(from: before, to: after),
            idle: ServerUsage(from: ready, to: after), cost: cost)
    }
}

/// What `neffos load idle` found out.
struct IdleReport: LoadReport {
    var header: LoadHeader
    var opening: LoadOpening
    var rooms: Int
    var seconds: Double
    /// Whether it ended before its time because no connection was left.
    var hasLostAll = false
    var dropped: Int
    /// While they were opened, and while they stayed.
    var setup: ServerUsage?
    var server: ServerUsage?
    var idle: ServerUsage?
    var cost: LoadCost

    enum CodingKeys: String, CodingKey {
        case rooms
        case setupCPU = "server_cpu_us_per_connect"
        case bytes = "server_rss_bytes_per_conn"
        case idleCPU = "server_cpu_s_while_idle"
        case seconds = "idle_s"
        case dropped = "dropped_while_idle"
    }

    func encode(to encoder: any Encoder) throws {
        try header.encode(to: encoder)
        try opening.encode(to: encoder)
        try server?.encode(to: encoder)
        try cost.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rooms, forKey: .rooms)
        try container.encodeIfPresent(setup?.microseconds(per: opening.opened), forKey: .setupCPU)
        try container.encodeIfPresent(bytesPerConnection, forKey: .bytes)
        try container.encodeIfPresent(idle?.cpu, forKey: .idleCPU)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(dropped, forKey: .dropped)
    }

    private var bytesPerConnection: Double? {
        guard let server, opening.opened > 0 else { return nil }
        return rounded(Double(server.memoryAfter - server.memoryBefore) / Double(opening.opened))
    }

    var lines: [String] {
        var lines = [
            header.line("\(LoadText.count(rooms)) rooms"), LoadText.line("opened", opening.text),
            LoadText.line(
                "stayed",
                "\(LoadText.seconds(seconds)), \(LoadText.count(dropped)) dropped\(LoadText.ending(hasLostAll: hasLostAll))"),
        ]
        if let setup, let idle, let bytesPerConnection {
            let each =
                "\(LoadText.decimal(setup.microseconds(per: opening.opened), 1)) µs and \(LoadText.bytes(bytesPerConnection)) a connection"
            lines.append(LoadText.line("server", "\(each); \(LoadText.seconds(idle.cpu)) of processor while idle"))
        }
        lines.append(LoadText.line("client", cost.text))
        return lines
    }

    var failure: String? { opening.failure(of: header) ?? LoadFailure.text([(dropped, "dropped")]) }
}
