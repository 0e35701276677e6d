import Logging
import NIOCore
import Neffos
import Synchronization

/// The clients of a load: opens them, counts those that fall out, and closes them.
final class LoadFleet: Sendable {
    struct Member: Sendable {
        var number: Int
        var client: Client
        var loop: any EventLoop
        var room: String
    }

    /// What a kind of load wants of a client before it dials.
    struct Wish: Sendable {
        var handlers: EventHandlers
        var trace: (@Sendable (ClientTrace) -> Void)?
        var onProblem: (@Sendable (ClientProblem) -> Void)?

        init(namespace: String) {
            handlers = EventHandlers()
            handlers.declare(namespace)
        }
    }

    private struct State {
        var members: [Member] = []
        var next = 0
        var failed = 0
        var errors: [String] = []
        /// What the first that failed met, and what to do.
        var failure: String?
        var latencies = Latencies()
    }

    let plan: FleetPlan
    let loops: LoadLoops
    let stop: LoadStop
    private let state = Mutex(State())
    private let isClosing = Atomic(false)
    private let droppedCount = Atomic(0)

    /// Different errors that are remembered: a sample is enough.
    private static let mostErrors = 3

    init(plan: FleetPlan, loops: LoadLoops, stop: LoadStop) {
        self.plan = plan
        self.loops = loops
        self.stop = stop
    }

    /// Those that were opened, by number.
    var members: [Member] { state.withLock { $0.members } }
    var progress: (opened: Int, failed: Int) { state.withLock { ($0.members.count, $0.failed) } }
    /// Clients that have ended, other than by ``close()``.
    var dropped: Int { droppedCount.load(ordering: .relaxed) }
    /// Whether all that were opened have ended, so that nobody comes back either.
    var hasLostAll: Bool {
        let members = members
        return !members.isEmpty && members.allSatisfy { !$0.client.state.isOpen }
    }
    /// Whether one of them is where it belongs right now.
    var isAnybodyThere: Bool {
        members.contains { member in if case .connected = member.client.state { true } else { false } }
    }

    /// Opens all of them, so many at a time as the plan says.
    ///
    /// - Parameter wish: asked for each client, with its number and loop.
    /// - Throws: 69 where not one could be opened.
    func open(_ wish: @escaping @Sendable (Int, any EventLoop) -> Wish) async throws(CommandFailure) -> LoadOpening {
        let start = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            for _ in 0..<min(plan.parallel, plan.count) {
                group.addTask {
                    while !self.stop.isRequested, let number = self.take() {
                        let due = start + self.plan.ramp / self.plan.count * number
                        if due > .now { await self.stop.sleep(for: due - .now) }
                        if !self.stop.isRequested { await self.open(number, wish) }
                    }
                }
            }
        }
        let elapsed = (ContinuousClock.now - start).seconds
        let opening = state.withLock { state in
            state.members.sort { $0.number < $1.number }
            return LoadOpening(opened: state.members.count, failed: state.failed, errors: state.errors, seconds: elapsed, state.latencies)
        }
        if opening.opened == 0, !stop.isRequested {
            throw CommandFailure(.unavailable, "\(plan.url): \(state.withLock { $0.failure } ?? "nothing answers")")
        }
        return opening
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.next < plan.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func open(_ number: Int, _ wish: @Sendable (Int, any EventLoop) -> Wish) async {
        let loop = loops.loop(of: number)
        let wish = wish(number, loop)
        var configuration = plan.configuration(of: number)
        configuration.onProblem = wish.onProblem
        configuration.trace = { step in
            if case .changed(.closed(let reason)) = step, reason != .requested, !self.isClosing.load(ordering: .relaxed) {
                self.droppedCount.wrappingAdd(1, ordering: .relaxed)
            }
            wish.trace?(step)
        }
        let room = plan.room(of: number)
        let start = NIODeadline.now()
        do {
            let client = try Client(plan.url, configuration: configuration, handlers: wish.handlers, group: loop, logger: Self.silence)
            do {
                try await client.connect()
                let space = try await client.connect(to: plan.namespace)
                if !room.isEmpty { try await space.join(room) }
            } catch {
                await client.close()
                throw error
            }
            let taken = UInt64(max(0, (NIODeadline.now() - start).nanoseconds))
            state.withLock { state in
                state.members.append(Member(number: number, client: client, loop: loop, room: room))
                state.latencies.record(nanoseconds: taken)
            }
        } catch {
            let words = ProtocolWords(error, of: .connect, lost: "check that the server runs")
            let text = words?.problem ?? "\(error)"
            let advice = words?.advice ?? ReachAdvice.text(for: error, url: plan.url)
            state.withLock { state in
                state.failed += 1
                state.failure = state.failure ?? "\(text); \(advice)"
                if state.errors.count < Self.mostErrors, !state.errors.contains(text) { state.errors.append(text) }
            }
        }
    }

    /// A load says itself what it sees.
    private static let silence = Logger(label: "neffos.load") { _ in SwiftLogNoOpLogHandler() }

    /// Clients that are closed at the same time.
    private static let closedTogether = 256

    func close() async {
        isClosing.store(true, ordering: .relaxed)
        let members = members
        for first in stride(from: 0, to: members.count, by: Self.closedTogether) {
            await withDiscardingTaskGroup { group in
                for member in members[first..<min(first + Self.closedTogether, members.count)] {
                    group.addTask { await member.client.close() }
                }
            }
        }
    }
}

/// How the opening went.
struct LoadOpening: Encodable, Equatable, Sendable {
    var opened: Int
    var failed: Int
    var errors: [String]
    var seconds: Double
    var rate: Double
    /// From the first packet to the namespace and room, in microseconds.
    var p50: Double
    var p99: Double
    var max: Double

    enum CodingKeys: String, CodingKey {
        case opened, failed
        case errors = "open_errors"
        case seconds = "setup_s"
        case rate = "connects_per_s"
        case p50 = "connect_p50_us"
        case p99 = "connect_p99_us"
        case max = "connect_max_us"
    }

    init(opened: Int, failed: Int, errors: [String], seconds: Double, _ latencies: Latencies) {
        self.opened = opened
        self.failed = failed
        self.errors = errors
        self.seconds = rounded(seconds)
        rate = seconds > 0 ? rounded(Double(opened) / seconds) : 0
        p50 = latencies.microseconds(at: 50)
        p99 = latencies.microseconds(at: 99)
        max = latencies.microseconds(at: 100)
    }

    var text: String {
        let time = "\(LoadText.count(opened)) in \(LoadText.seconds(seconds)), \(LoadText.decimal(rate, 0))/s"
        let each = "each 50% \(LoadText.microseconds(p50))   99% \(LoadText.microseconds(p99))   max \(LoadText.microseconds(max))"
        let bad = failed > 0 ? "   \(LoadText.count(failed)) failed: \(errors.joined(separator: " · "))" : ""
        return "\(time)   \(each)\(bad)"
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
