import NIOCore
import NeffosSession
import NeffosWire

/// A machine driven by texts: what is heard and what comes of it read as in the protocol.
struct SessionScript {
    var machine: SessionMachine
    /// Handler calls that await their outcome, the oldest first.
    private(set) var deciding: [HandlerCall] = []

    init(
        _ role: SessionRole, declared: Set<String> = ["default", "chat"], native: NativeMessages = .none, namespaces: Int = 32,
        rooms: Int = 256
    ) {
        machine = SessionMachine(
            rules: SessionRules(
                role: role, declaredNamespaces: declared, nativeMessages: native, namespacesPerConnection: namespaces,
                roomsPerConnection: rooms))
    }

    /// A machine past its ack, in these namespaces and rooms (`default/lobby`).
    static func acknowledged(
        _ role: SessionRole, in places: [String] = [], namespaces: Int = 32, rooms: Int = 256, native: NativeMessages = .none
    ) -> SessionScript {
        var script = SessionScript(role, native: native, namespaces: namespaces, rooms: rooms)
        _ = script.machine.opened()
        if role == .server {
            _ = script.hear("M")
            _ = script.machine.accept(id: "me")
        } else {
            _ = script.hear("Ame")
        }
        for place in places {
            let parts = place.split(separator: "/")
            let peer = role == .server ? "$p" : "p"
            if !script.machine.isConnected(String(parts[0])) {
                _ = script.hear("\(peer);\(parts[0]);;_OnNamespaceConnect;0;0;")
                _ = script.decide()
            }
            if parts.count > 1 {
                _ = script.hear("\(peer);\(parts[0]);\(parts[1]);_OnRoomJoin;0;0;")
                _ = script.decide()
            }
        }
        return script
    }

    mutating func hear(_ text: String, isBinary: Bool = false) -> [String] {
        switch machine.receive(ByteBuffer(string: text), isBinary: isBinary) {
        case .deliver(let message): ["deliver " + Self.wire(message)]
        case .deliverNative(let message): ["native " + message.text + (message.isBinary ? " binary" : "")]
        case .actions(let actions): tell(actions)
        case .immediate(let actions): ["at once"] + tell(actions)
        case .ignore: []
        }
    }

    mutating func hearWhileBusy(_ text: String) -> [String]? {
        machine.receiveAnswer(ByteBuffer(string: text), isBinary: false).map { tell($0) }
    }

    /// Gives the outcome of the oldest handler call that awaits one.
    mutating func decide(_ refusal: String? = nil) -> [String] {
        guard !deciding.isEmpty else { return ["nobody asked"] }
        return tell(machine.resolve(deciding.removeFirst(), refusal: refusal))
    }

    /// Runs an operation of ours and tells what it led to.
    mutating func run(_ input: (inout SessionMachine) -> [SessionAction]) -> [String] { tell(input(&machine)) }

    mutating func tell(_ actions: [SessionAction]) -> [String] {
        actions.map { action in
            if case .call(let call) = action, call.awaitsOutcome { deciding.append(call) }
            return Self.describe(action)
        }
    }

    static func wire(_ message: Message) -> String {
        var buffer = ByteBuffer()
        MessageCodec.write(message, into: &buffer)
        return String(buffer: buffer) + (message.isBinary ? " binary" : "")
    }

    static func describe(_ action: SessionAction) -> String {
        switch action {
        case .send(let message): "send " + wire(message)
        case .sendText(let text): "send " + String(buffer: text)
        case .decideAcknowledgement: "decide"
        case .acknowledged(let id): "acknowledged \(id)"
        case .refused(let text): "refused \(text)"
        case .replay(let frames):
            "replay " + frames.map { String(buffer: $0.payload) + ($0.isBinary ? " binary" : "") }.joined(separator: " | ")
        case .call(let call): describe(call)
        case .entered(let namespace): "entered \(namespace)"
        case .left(let namespace, let forced): "left \(namespace)" + (forced ? " forced" : "")
        case .denied(let namespace, let error): "denied \(namespace): \(error)"
        case .joined(let namespace, let room): "joined \(namespace)/\(room)"
        case .parted(let namespace, let room, let forced): "parted \(namespace)/\(room)" + (forced ? " forced" : "")
        case .deniedRoom(let namespace, let room, let error): "denied \(namespace)/\(room): \(error)"
        case .finish(let operation, .success): "finish \(operation)"
        case .finish(let operation, .refused(let text)): "finish \(operation) refused: \(text)"
        case .finish(let operation, .closed): "finish \(operation) closed"
        case .finish(let operation, .expired): "finish \(operation) expired"
        case .violation(let kind, _): "violation \(kind)"
        case .close(let code, _): "close \(code.rawValue)"
        }
    }

    /// `RoomLeave default/lobby local forced`, with `?` where the handler decides.
    private static func describe(_ call: HandlerCall) -> String {
        let names: [SystemEvent: String] = [
            .namespaceConnect: "Connect", .namespaceConnected: "Connected", .namespaceDisconnect: "Disconnect", .roomJoin: "RoomJoin",
            .roomJoined: "RoomJoined", .roomLeave: "RoomLeave", .roomLeft: "RoomLeft", .any: "Any", .nativeMessage: "Native",
        ]
        return (names[call.event] ?? "") + (call.awaitsOutcome ? "? " : " ") + call.namespace
            + (call.room.isEmpty ? "" : "/" + call.room) + (call.isLocal ? " local" : "") + (call.isForced ? " forced" : "")
    }
}
