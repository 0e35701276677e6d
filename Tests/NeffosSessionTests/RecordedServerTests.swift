import Foundation
import NIOCore
import NeffosSession
import NeffosWire
import Testing

/// What our server said to the original clients on the wire (JS 0.1.34, JS 0.3 and Go), and what its machine says today to the same words:
/// refusals, asks with an error, binary ones, what the server asks its client, a kick and an `H`.
@Suite struct RecordedServerTests {
    @Test(arguments: ["js-client-swift-server", "js-next-client-swift-server", "go-client-swift-server"])
    func ourServerAnswersTheOriginalClientsAsItDid(_ name: String) throws {
        let vectors = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../NeffosWireTests/Vectors/\(name).jsonl")
        let lines = try String(contentsOf: vectors, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(RecordedServer.Line.self, from: Data($0.utf8)) }
        let connections = Dictionary(grouping: lines, by: \.connection)
        #expect(connections.count == 3)
        for lines in connections.values {
            var server = RecordedServer()
            for line in lines {
                if line.kind == "http" {
                    if line.from == "client" { server.headers = line.payload ?? "" }
                } else if line.from == "client" {
                    server.hear(line)
                } else {
                    let said = server.said.isEmpty ? nil : server.said.removeFirst()
                    #expect(said == line.frame)
                }
            }
            #expect(server.said.isEmpty)
        }
    }
}

/// The server of the recordings: its handlers and hooks, over the machine.
struct RecordedServer {
    struct Line: Decodable {
        var connection: Int
        var from: String
        var kind: String
        /// Where the bytes are text, else `hex`.
        var payload: String?
        var hex: String?
        /// Of a close frame.
        var code: UInt16?

        var bytes: ByteBuffer {
            guard let hex else { return ByteBuffer(string: payload ?? "") }
            var rest = Substring(hex)
            var bytes = ByteBuffer()
            while let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.writeInteger(byte)
                rest = rest.dropFirst(2)
            }
            return bytes
        }

        var frame: Frame { kind == "close" ? .close(code, payload ?? "") : .message(bytes, isBinary: kind == "binary") }
    }

    enum Frame: Equatable {
        case message(ByteBuffer, isBinary: Bool)
        case close(UInt16?, String)
    }

    /// The head of the upgrade.
    var headers = ""
    /// What the recording has to have next, the oldest first.
    var said: [Frame] = []
    private var machine = SessionMachine(
        rules: SessionRules(role: .server, declaredNamespaces: ["default", "private", "bare", "sticky", "forced"]))
    private var lastOperation: OperationID = 0
    private var waiting: [OperationID: (inout RecordedServer, SessionOutcome) -> Void] = [:]
    private var isClosing = false

    mutating func hear(_ line: Line) {
        if line.kind == "close" {
            if !isClosing { said.append(.close(line.code, "")) }
            return
        }
        switch machine.receive(line.bytes, isBinary: line.kind == "binary") {
        case .deliver(let message): handle(message)
        case .actions(let actions), .immediate(let actions): carryOut(actions)
        case .deliverNative, .ignore: break
        }
    }

    private mutating func handle(_ message: Message) {
        let text = message.text
        switch message.event {
        case "echo": send(message.reply(message.body))
        case "fail": send(message.failure("failed: \(text)"))
        case "askback":
            run({ $0.ask(Message(namespace: "default", event: "question", body: message.body), operation: $1) }) { server, outcome in
                switch outcome {
                case .success(let answer): server.send(message.reply(ByteBuffer(string: "client says: \(answer.text)")))
                case .refused(let error): server.send(message.failure(error))
                case .closed, .expired: break
                }
            }
        case "force":
            let words = text.split(separator: " ").map(String.init)
            run({ machine, operation in
                switch words[0] {
                case "connect": machine.connect(words[1], operation: operation)
                case "disconnect": machine.disconnect(words[1], operation: operation)
                case "join": machine.join(words[1], words[2], operation: operation)
                default: machine.leave(words[1], words[2], operation: operation)
                }
            }) { server, outcome in
                let result = if case .refused(let error) = outcome { "error: \(error)" } else { "ok" }
                server.carryOut(
                    server.machine.emit(Message(namespace: "default", event: "forced", body: ByteBuffer(string: result))))
            }
        case "kick": close(UInt16(text) ?? 0, "kicked")
        default: break
        }
    }

    private mutating func carryOut(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .send(let message): send(message)
            case .sendText(let text): said.append(.message(text, isBinary: false))
            case .decideAcknowledgement: decide()
            case .call(let call): if call.awaitsOutcome { carryOut(machine.resolve(call, refusal: refusal(call))) }
            case .finish(let operation, let outcome): waiting.removeValue(forKey: operation)?(&self, outcome)
            case .close(let code, let reason): close(code.rawValue, reason)
            default: break
            }
        }
    }

    private func refusal(_ call: HandlerCall) -> String? {
        switch (call.event, call.namespace, call.room) {
        case (.namespaceConnect, "private", _): "members only"
        case (.namespaceDisconnect, "sticky", _): "stay a while"
        case (.roomJoin, _, "vip"): "guests only; sorry"
        case (.roomLeave, _, "hotel"): "you can never leave"
        default: nil
        }
    }

    private mutating func decide() {
        if let text = header("X-Refuse") { return carryOut(machine.refuse(text)) }
        carryOut(machine.accept(id: header("X-Username") ?? ""))
        guard header("X-Welcome") != nil else { return }
        run({ $0.connect("forced", operation: $1) }) { server, _ in
            server.run({ $0.join("forced", "hall", operation: $1) }) { _, _ in }
        }
    }

    private mutating func run(
        _ start: (inout SessionMachine, OperationID) -> [SessionAction], then: @escaping (inout RecordedServer, SessionOutcome) -> Void
    ) {
        lastOperation += 1
        waiting[lastOperation] = then
        carryOut(start(&machine, lastOperation))
    }

    private mutating func send(_ message: Message) {
        var payload = ByteBuffer()
        MessageCodec.write(message, into: &payload)
        said.append(.message(payload, isBinary: message.isBinary))
    }

    private mutating func close(_ code: UInt16, _ reason: String) {
        isClosing = true
        said.append(.close(code, reason))
    }

    private func header(_ name: String) -> String? {
        headers.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
