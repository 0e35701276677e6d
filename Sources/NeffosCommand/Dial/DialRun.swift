import Foundation
import Logging
import Neffos
import Synchronization
import Terminal
import NeffosTerminalConsole

/// One run of `neffos dial`: dials, does what it is told, and tells what comes.
struct DialRun {
    let url: String
    let configuration: ClientConfiguration
    let namespaces: Set<String>
    /// What to do; nil: what is typed.
    let steps: [DialStep]?

    func run() async throws(CommandFailure) {
        // The client's own log would only repeat what is told anyway.
        let logger = Logger(label: "neffos") { _ in SwiftLogNoOpLogHandler() }
        let client: Client
        do {
            client = try Client(url, configuration: configuration, handlers: DialPrinter.handlers(for: namespaces), logger: logger)
        } catch .invalidURL(let text) {
            throw CommandFailure(.usage, "\(url): \(text); write ws://HOST:PORT/PATH or wss://HOST:PORT/PATH")
        } catch .invalidTrust(let text) {
            throw CommandFailure(.configuration, "--trust: \(text); give it a PEM file of certificates")
        } catch {
            throw CommandFailure(.usage, "\(url): \(error)")
        }
        do { try await client.connect() } catch {
            throw CommandFailure(.unavailable, "\(url): \(error); check the address, and that the server runs")
        }
        let signals = closeAtSignal(client)
        let states = Task { await follow(client) }
        let failure: CommandFailure?
        if let steps { failure = await run(steps, on: client) } else { failure = await prompt(client) }
        let wasOurs = client.state.isOpen
        await client.close()
        let end = await states.value
        signals.cancel()
        if let failure { throw failure }
        if !wasOurs, let end { throw end }
    }

    /// Leaves nothing half open at Ctrl-C; the second one leaves at once.
    private func closeAtSignal(_ client: Client) -> Task<Void, Never> {
        let watch = SignalWatch([SIGINT, SIGTERM])
        return Task {
            var isClosing = false
            for await number in watch.signals {
                if isClosing { _exit(128 + number) }
                isClosing = true
                Task {
                    await client.close()
                    // The prompt may still wait for a line that never comes.
                    exit(CommandStatus.success.rawValue)
                }
            }
        }
    }

    // MARK: Doing

    private func run(_ steps: [DialStep], on client: Client) async -> CommandFailure? {
        for step in steps {
            if step == .quit { return nil }
            if let problem = await perform(step, on: client) { return CommandFailure(.unmet, problem) }
        }
        return nil
    }

    private func prompt(_ client: Client) async -> CommandFailure? {
        let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        let reader = LineReader()
        // Whoever waits for a line has to hear that the client has ended.
        let (lines, continuation) = AsyncStream.makeStream(of: String?.self)
        let reading = Task {
            for await line in reader.lines { continuation.yield(line) }
            continuation.yield(nil)
        }
        let ending = Task {
            for await state in client.states where !state.isOpen { continuation.yield(nil) }
        }
        defer {
            reading.cancel()
            ending.cancel()
        }
        if isTerminal { Output.text("help lists the commands", to: STDERR_FILENO) }
        reader.next()
        for await line in lines {
            guard let line else { break }
            do {
                if let step = try DialScript.step(of: line) {
                    if step == .quit { break }
                    if let problem = await perform(step, on: client) { Output.error(problem) }
                }
            } catch {
                Output.error("\(error)")
            }
            reader.next()
        }
        return nil
    }

    /// - Returns: Why it did not work.
    private func perform(_ step: DialStep, on client: Client) async -> String? {
        do {
            switch step {
            case .connect(let namespace):
                guard namespaces.contains(namespace) else {
                    return "connect \(namespace): this client did not declare it; start it with --namespace \(namespace)"
                }
                try await client.connect(to: namespace)
            case .disconnect(let namespace): try await client.disconnect(from: namespace)
            case .join(let namespace, let room):
                guard let connection = client.connection else { throw NeffosError("write closed") }
                try await connection.join(room, in: namespace)
            case .leave(let namespace, let room):
                guard let connection = client.connection else { throw NeffosError("write closed") }
                try await connection.leave(room, in: namespace)
            case .emit(let namespace, let room, let event, let body):
                let message = Message(namespace: namespace, room: room, event: event, body: ByteBuffer(string: body))
                guard client.emit(message) else { return "emit: the connection is away, so nothing was sent; try again once it is back" }
            case .ask(let namespace, let room, let event, let body):
                let message = Message(namespace: namespace, room: room, event: event, body: ByteBuffer(string: body))
                Output.line(DialPrinter.text(of: try await client.ask(message).body))
            case .help: Output.text(DialScript.help)
            case .quit: break
            }
            return nil
        } catch {
            return "\(step.name): \(error)"
        }
    }

    // MARK: Telling

    /// Tells what becomes of the connection.
    ///
    /// - Returns: Why the client has ended, where that is a failure.
    private func follow(_ client: Client) async -> CommandFailure? {
        for await state in client.states {
            switch state {
            case .connected(let id): Output.error("connected as \(id)")
            case .waiting(let tries) where tries <= 1: Output.error("connection lost; knocking")
            case .dialing(let tries): Output.error("the server is back; dialing, try \(tries)")
            case .closed(let reason):
                switch reason {
                case .requested: return nil
                case .closed(let info):
                    Output.error("the server closed the connection: \(info.code.rawValue) \(info.reason)")
                    return nil
                case .refused(let text): return CommandFailure(.unavailable, "\(url): the server refused: \(text)")
                case .lost: return CommandFailure(.unavailable, "\(url): the connection was lost; --reconnect 2s would come back")
                case .triesExhausted: return CommandFailure(.unavailable, "\(url): the server did not come back")
                }
            default: break
            }
        }
        return nil
    }
}

extension ClientState {
    /// Whether the client has not ended.
    var isOpen: Bool { if case .closed = self { false } else { true } }
}

extension DialStep {
    var name: String {
        switch self {
        case .connect(let namespace): "connect \(namespace)"
        case .disconnect(let namespace): "disconnect \(namespace)"
        case .join(let namespace, let room): "join \(namespace) \(room)"
        case .leave(let namespace, let room): "leave \(namespace) \(room)"
        case .emit(let namespace, _, let event, _): "emit \(namespace) \(event)"
        case .ask(let namespace, _, let event, _): "ask \(namespace) \(event)"
        case .help: "help"
        case .quit: "quit"
        }
    }
}
