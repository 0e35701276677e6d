import Logging
import Neffos
import Synchronization

/// Our client in native-only mode, through all the cases of a fuzzing server: it sends back what it gets.
struct Conversations {
    private let base: String
    private static let agent = "neffos-swift"
    /// How long the server may take to listen.
    private static let patience = Duration.seconds(30)

    init(with base: String) { self.base = base }

    func run() async throws {
        let answer = try await firstAnswer()
        guard let count = Int(answer) else {
            throw Failure("the fuzzing server answered \(answer) where the number of cases was asked for")
        }
        for number in 1...max(1, count) {
            _ = try await converse("/runCase?case=\(number)&agent=\(Self.agent)")
            if number.isMultiple(of: 50) || number == count { print("client: \(number) of \(count) cases") }
        }
        _ = try await converse("/updateReports?agent=\(Self.agent)")
    }

    private func firstAnswer() async throws -> String {
        let start = ContinuousClock.now
        while true {
            do {
                return try await converse("/getCaseCount")
            } catch ClientError.unreachable(let text) {
                guard ContinuousClock.now - start < Self.patience else { throw Failure("the fuzzing server cannot be reached: \(text)") }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// One connection, until it has ended.
    ///
    /// - Returns: the last message, if it was a text.
    private func converse(_ target: String) async throws -> String {
        var configuration = ClientConfiguration()
        configuration.reconnect = .never
        // Section 9 sends that much in one message.
        configuration.messageBytes = 16 << 20
        configuration.outboxBytes = 0
        // A ping of ours is none of the cases'.
        configuration.heartbeat.every = .zero
        let heard = Heard()
        var handlers = EventHandlers()
        handlers.on(SystemEventName.nativeMessage, in: "") { _, message in
            heard.take(message)
            return .body(message.body)
        }
        let client = try Client(
            base + target, configuration: configuration, handlers: handlers,
            logger: Logger(label: "autobahn") { _ in SwiftLogNoOpLogHandler() })
        let states = client.states
        try await client.connect()
        for await state in states {
            if case .closed = state { break }
        }
        return heard.last
    }
}

/// The text that came last, for answers to questions; what the cases send is too much to keep.
private final class Heard: Sendable {
    private let text = Mutex("")

    func take(_ message: Message) {
        guard !message.isBinary, message.body.readableBytes < 100 else { return }
        let last = message.text
        text.withLock { $0 = last }
    }

    var last: String { text.withLock { $0 } }
}
