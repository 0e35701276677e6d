import ArgumentParser
import NIOCore
import Neffos

/// `neffos load storm`: everybody falls out and comes back.
struct StormLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "Let all clients fall out at once, and measure their return: how fast, after how many tries, and who is missing.",
        discussion: """
            The outage is one of three: without an option the clients cut their own connections, as a lost network would; with --restart the \
            server is started by that command, killed with SIGKILL, and started again after --down; with --await somebody else makes it. \
            5000 connections, if --connections does not say.

              neffos load storm ws://127.0.0.1:8080/echo --restart 'neffos serve --headless --listen 127.0.0.1:8080'
            """)

    @OptionGroup var options: LoadOptions
    @Option(help: ArgumentHelp("Rooms that the clients are spread over, at most one each; 0: none.", valueName: "count"))
    var rooms = 100
    @Option(
        help: ArgumentHelp("How long a client waits before each attempt to come back (default: 500ms).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var every = DurationText(milliseconds: 500)
    @Option(help: ArgumentHelp("Percent of each wait that chance takes away or adds; 0: a herd.", valueName: "number"))
    var jitter = 0
    @Option(help: ArgumentHelp("A shell command that starts the server, which is killed and started again.", valueName: "command"))
    var restart: String?
    @Option(help: ArgumentHelp("The running server to kill, where --restart has not started it.", valueName: "pid"))
    var killPid: Int32?
    @Option(
        help: ArgumentHelp("Between the server's end and its restart (default: 1s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var down = DurationText(milliseconds: 1000)
    @Option(help: ArgumentHelp("Percent of the clients that cut their connection.", valueName: "number"))
    var cut: Int?
    @Flag(name: .customLong("await"), help: "Wait for an outage that somebody else makes.")
    var awaitsOutage = false
    @Option(
        help: ArgumentHelp("How long to wait for the last ones (default: 60s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var limit = DurationText(milliseconds: 60_000)

    /// A restarted server that does not listen by then has failed.
    private static let startWithin = Duration.seconds(20)

    func validate() throws {
        try LoadOptions.check(rooms, "--rooms", 0...LoadOptions.mostConnections)
        try LoadOptions.check(jitter, "--jitter", 0...100)
        try LoadOptions.check(cut, "--cut", 1...100)
        if every.milliseconds == 0 { throw ValidationError("--every: \"0s\" is too short; write at least 1ms") }
        if let killPid, killPid < 2 { throw ValidationError("--kill-pid: \(killPid) is no server; write its process number") }
        if killPid != nil, restart == nil { throw ValidationError("--kill-pid needs --restart, the command that starts the server again") }
        let ways = [restart != nil ? "--restart" : nil, cut != nil ? "--cut" : nil, awaitsOutage ? "--await" : nil].compactMap(\.self)
        if ways.count > 1 { throw ValidationError("\(ways.joined(separator: " and ")) are different outages; choose one") }
        if restart?.isEmpty == true { throw ValidationError("--restart: the command is empty; write the one that starts the server") }
    }

    func run() async throws {
        try await LoadSession.run("storm", options, connections: 5000) { session throws(CommandFailure) in
            let server = restart.map(ServerProcess.init(command:))
            // Whatever happens, no server is left behind that was started here.
            defer { server?.kill() }
            return try await measure(session, server)
        }
    }

    private func measure(_ session: LoadSession, _ server: ServerProcess?) async throws(CommandFailure) -> StormReport {
        let listen = ListenWatch(url: options.url)
        if let server, killPid == nil { _ = try await start(server, listen, session) }
        var plan = session.plan(rooms: min(rooms, session.connections))
        plan.reconnect = Reconnection(interval: every.duration, jitter: Double(jitter) / 100)
        let tally = StormTally(count: plan.count)
        let fleet = LoadFleet(plan: plan, loops: session.loops, stop: session.stop)
        let namespace = options.namespace
        let opening = try await session.open(fleet) { number, _ in
            var wish = LoadFleet.Wish(namespace: namespace)
            wish.trace = { tally.trace(number, $0) }
            wish.onProblem = { tally.problem(number, $0) }
            return wish
        }
        let members = fleet.members
        tally.begin()
        var outage = try await makeOutage(session, members, tally, server, listen)
        // Of the return alone: before it they only wait.
        let meter = session.loops.measure()
        await returned(session, tally, outage)
        if outage.kind == .awaited { outage.expected = tally.lost }
        let cost = await session.loops.cost(since: meter)
        let usage = (server?.pid ?? options.pid).flatMap(ProcessUsage.of)
        // Would show connections that do not last.
        await session.stop.sleep(for: .milliseconds(200))
        let state = tally.now
        let report = StormReport(
            header: session.header, opening: opening, rooms: plan.rooms, every: every, jitter: jitter, outage: outage,
            members: members.map { StormReport.Client(name: plan.name(of: $0.number), state.members[$0.number]) }, state: state,
            server: usage, cost: cost)
        await fleet.close()
        return report
    }

    /// Waits until all are back, or for as long as they are given.
    private func returned(_ session: LoadSession, _ tally: StormTally, _ outage: StormOutage) async {
        let end = ContinuousClock.now + limit.duration
        // Of an outage that others make, nobody knows whom it takes: who has not noticed it within two seconds is taken for spared.
        let isAwaited = outage.kind == .awaited
        let earliest = ContinuousClock.now + (isAwaited ? .seconds(2) : .zero)
        let expected: @Sendable () -> Int = { isAwaited ? tally.lost : outage.expected }
        await session.progress.during("storm") {
            let (restored, count) = (tally.restored, expected())
            return (Double(restored) / Double(max(1, count)), "\(LoadText.count(restored)) of \(LoadText.count(count)) restored")
        } _: {
            while tally.restored < expected() || .now < earliest, .now < end, !session.stop.isRequested {
                await session.stop.sleep(for: .milliseconds(5))
            }
        }
    }

    /// - Returns: whether it listens; not where the load is to end before.
    private func start(_ server: ServerProcess, _ listen: ListenWatch, _ session: LoadSession) async throws(CommandFailure) -> Bool {
        try server.start()
        guard await listen.listens(within: Self.startWithin, orUntil: { session.stop.isRequested || server.hasEnded }) else {
            if session.stop.isRequested { return false }
            let what = server.hasEnded ? "has ended" : "does not listen"
            throw CommandFailure(.unavailable, "--restart: the server \(what) at \(options.url); check the command and the URL")
        }
        return true
    }

    private func makeOutage(
        _ session: LoadSession, _ members: [LoadFleet.Member], _ tally: StormTally, _ server: ServerProcess?, _ listen: ListenWatch
    ) async throws(CommandFailure) -> StormOutage {
        let began = NIODeadline.now().uptime
        var outage = StormOutage(kind: .cut, began: began, listening: began, expected: members.count)
        if let server {
            outage.kind = .restart
            if let killPid { try await ServerProcess.kill(killPid, within: .seconds(10)) } else { server.kill() }
            await session.run("down", for: down.duration) { "\(LoadText.count(tally.lost)) have noticed" }
            outage.hasListened = session.stop.isRequested ? false : try await start(server, listen, session)
        } else if awaitsOutage {
            outage.kind = .awaited
            await session.progress.during("waiting for an outage") {
                (nil, "")
            } _: {
                while tally.lost == 0, !session.stop.isRequested { await session.stop.sleep(for: .milliseconds(5)) }
            }
            outage.began = NIODeadline.now().uptime
            outage.hasListened = await listen.listens(within: limit.duration) { session.stop.isRequested }
        } else {
            let chosen = members.prefix(max(1, members.count * (cut ?? 100) / 100))
            outage.expected = chosen.count
            tally.listening(at: began)
            for member in chosen { member.client.drop() }
            return outage
        }
        outage.listening = NIODeadline.now().uptime
        if outage.hasListened { tally.listening(at: outage.listening) }
        return outage
    }
}

/// How the storm was made.
struct StormOutage: Sendable, Equatable {
    enum Kind: String, Sendable, Encodable {
        case cut, restart
        case awaited = "await"
    }

    var kind: Kind
    /// In nanoseconds of the monotonic clock.
    var began: UInt64
    /// When somebody listened, or was not waited for any more.
    var listening: UInt64
    /// Whether somebody did.
    var hasListened = true
    /// Clients that are to come back.
    var expected: Int
}
