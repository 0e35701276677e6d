import Foundation
import Logging
import Neffos

/// One run of `neffos dial`: dials, does what it is told, and tells what comes.
struct DialRun {
    let url: String
    let configuration: ClientConfiguration
    let namespaces: Set<String>
    /// What to do; nil: what is typed.
    let steps: [DialStep]?
    /// What an answer, or a message that is waited for, may take.
    let timeout: Duration
    let printer: DialPrinter

    func run() async throws(CommandFailure) {
        // The client's own log would only repeat what is told anyway.
        let logger = Logger(label: "neffos") { _ in SwiftLogNoOpLogHandler() }
        let client: Client
        do {
            client = try Client(url, configuration: configuration, handlers: printer.handlers(for: namespaces), logger: logger)
        } catch {
            throw CommandFailure(clientError: error, url: url)
        }
        let signals = closeAtSignal(client)
        do { try await client.connect() } catch {
            throw CommandFailure(.unavailable, "\(url): \(error); \(ReachAdvice.text(for: error, url: url))")
        }
        let states = Task { await follow(client) }
        let failure: CommandFailure?
        if let steps { failure = await run(steps, on: client) } else { failure = await prompt(client) }
        let wasOurs = client.state.isOpen
        if wasOurs { printer.leave() }
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
                printer.screen.hide()
                TerminalMode.leave()
                if isClosing { _exit(128 + number) }
                isClosing = true
                printer.leave()
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
        // Whoever waits for a line has to hear that the client has ended. What is typed while a command runs waits, so much of it.
        let (lines, continuation) = AsyncStream.makeStream(of: String?.self, bufferingPolicy: .bufferingOldest(256))
        let ending = Task {
            for await state in client.states where !state.isOpen { continuation.yield(nil) }
        }
        var reading: Task<Void, Never>?
        var reader: LineReader?
        if DialScreen.isTerminal {
            printer.state("help lists the commands")
            printer.screen.read {
                continuation.yield($0)
            } end: {
                continuation.yield(nil)
            }
        } else {
            let lines = LineReader()
            reader = lines
            reading = Task {
                for await line in lines.lines { continuation.yield(line) }
                continuation.yield(nil)
            }
        }
        defer {
            reading?.cancel()
            ending.cancel()
            printer.screen.hide()
            TerminalMode.leave()
        }
        reader?.next()
        for await line in lines {
            guard let line else { break }
            do {
                if let step = try DialScript.step(of: line) {
                    if step == .quit { break }
                    if let problem = await perform(step, on: client) { printer.state(problem) }
                }
            } catch {
                printer.state("\(error)")
            }
            reader?.next()
        }
        return nil
    }

    // MARK: Telling

    /// Tells what becomes of the connection.
    ///
    /// - Returns: Why the client has ended, where that is a failure.
    private func follow(_ client: Client) async -> CommandFailure? {
        for await state in client.states {
            switch state {
            case .connected(let id): printer.state("connected as \(id)")
            case .waiting(let tries) where tries <= 1: printer.state("connection lost; knocking")
            case .dialing(let tries): printer.state("the server is back; dialing, try \(tries)")
            case .closed(let reason):
                printer.mailbox.end()
                switch reason {
                case .requested: return nil
                case .closed(let info):
                    printer.state("the server closed the connection: \(info.words)")
                    return nil
                case .refused(let text): return CommandFailure(.unavailable, "\(url): the server refused: \(text); \(ReachAdvice.refused)")
                case .lost: return CommandFailure(.unavailable, "\(url): the connection was lost; --reconnect 2s would come back")
                case .triesExhausted: return CommandFailure(.unavailable, "\(url): the server did not come back; check that it runs")
                }
            default: break
            }
        }
        return nil
    }
}

extension CloseInfo {
    /// `1008 too slow`
    var words: String { reason.isEmpty ? "\(code.rawValue)" : "\(code.rawValue) \(reason)" }
}

extension ClientState {
    /// Whether the client has not ended.
    var isOpen: Bool { if case .closed = self { false } else { true } }
}
