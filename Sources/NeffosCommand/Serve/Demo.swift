import Logging
import Neffos

/// Clients of our own that enter rooms, talk, drop and come back, as a ``DemoPlan`` says. They run until ``stop()``.
actor Demo {
    /// How the clients find and name themselves.
    struct Target: Sendable {
        var url: String
        /// The header that carries a client's name.
        var header: String
        var namespace: String
        /// The server's own certificate, where it has one.
        var certificate: String?
        /// What the clients say in `Authorization`.
        var authorization: String?
    }

    private struct Member {
        var client: Client
        var space: ClientNamespace
    }

    /// Clients that connect at the same time.
    private static let together = 32

    private let target: Target
    private let logger: Logger
    private var plan: DemoPlan
    private var members: [Int: Member] = [:]
    private var show: Task<Void, Never>?
    private var hasFailed = false

    init(plan: DemoPlan, target: Target, logger: Logger) {
        self.plan = plan
        self.target = target
        self.logger = logger
    }

    func start() {
        guard show == nil else { return }
        show = Task { await run() }
    }

    /// Closes all clients, each with 1000.
    func stop() async {
        show?.cancel()
        await show?.value
        let all = members.values.map(\.client)
        members = [:]
        await withDiscardingTaskGroup { group in
            for client in all { group.addTask { await client.close() } }
        }
    }

    private func run() async {
        let count = plan.clients
        for first in stride(from: 0, to: count, by: Self.together) {
            await withDiscardingTaskGroup { group in
                for number in first..<min(first + Self.together, count) { group.addTask { await self.enter(number) } }
            }
            if Task.isCancelled { return }
        }
        let start = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            while let (at, step) = plan.next() {
                do { try await Task.sleep(until: start + .milliseconds(at)) } catch { break }
                switch step {
                case .chat(let number, let room, let text): members[number]?.space.emit("chat", to: room, text)
                case .drop(let numbers): for number in numbers { members[number]?.client.drop() }
                case .away(let number, let milliseconds):
                    guard let member = members.removeValue(forKey: number) else { continue }
                    member.client.drop()
                    group.addTask {
                        // Only so that it does not come back by itself.
                        await member.client.close()
                        do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
                        await self.enter(number)
                    }
                }
            }
        }
    }

    private func enter(_ number: Int) async {
        if Task.isCancelled { return }
        var configuration = ClientConfiguration()
        configuration.headers = [(target.header, "demo-\(number + 1)")] + (target.authorization.map { [("Authorization", $0)] } ?? [])
        configuration.reconnect = Reconnection(interval: .milliseconds(1500), jitter: 0.5)
        configuration.userAgent = "neffos-demo/\(CommandVersion.text)"
        if let certificate = target.certificate {
            configuration.tls.trustedCertificates = [certificate]
            configuration.tls.verification = .anyHost
        }
        var handlers = EventHandlers()
        handlers.declare(target.namespace)
        do {
            let client = try Client(target.url, configuration: configuration, handlers: handlers, logger: logger)
            do {
                try await client.connect()
                let space = try await client.connect(to: target.namespace)
                for room in plan.rooms(of: number) { try await space.join(room) }
                members[number] = Member(client: client, space: space)
            } catch {
                await client.close()
                throw error
            }
        } catch {
            if hasFailed || Task.isCancelled { return }
            hasFailed = true
            logger.warning("a demo client could not connect; further ones are not told", metadata: ["error": "\(error)"])
        }
    }
}
