import NIOCore
import NeffosSession
import NeffosWire

/// A machine and what its engine knows of it, from the actions alone.
struct SessionSide {
    var machine: SessionMachine
    /// Frames on their way to the other side.
    var outgoing: [EarlyFrame] = []
    /// Operations that have not ended.
    private(set) var open: Set<OperationID> = []
    /// The operation begun last.
    private(set) var operations: OperationID = 0
    private(set) var violations = 0
    private(set) var places: [String: Set<String>] = [:]
    private var calls: [HandlerCall] = []
    private var replays = 0
    private var isEnded = false
    private var steps = 0

    /// Answers every event with its body, as an `echo` does, rather than only what a server asks. One of two at most: else they could go on
    /// for ever.
    var answersEvents = false
    /// The handlers decide when they are called, rather than later.
    var decidesAtOnce = false
    var acceptsAtOnce = false
    /// How handlers decide that do so at once.
    var refuses = false

    static let namespaceLimit = 3
    static let roomLimit = 4

    init(_ rules: SessionRules) { machine = SessionMachine(rules: rules) }

    var hasCalls: Bool { !calls.isEmpty }

    // MARK: Inputs

    mutating func opened() throws { try carryOut(machine.opened()) }

    mutating func hear(_ payload: ByteBuffer, isBinary: Bool = false) throws {
        // A handler runs: only what answers an operation of ours gets through.
        if calls.contains(where: { $0.continuation == .answerPeer }) {
            if let actions = machine.receiveAnswer(payload, isBinary: isBinary) { try carryOut(actions) }
            return
        }
        switch machine.receive(payload, isBinary: isBinary) {
        case .actions(let actions), .immediate(let actions): try carryOut(actions)
        case .deliver(let message):
            try require(machine.isConnected(message.namespace), "an event is delivered from outside its namespace")
            try require(
                message.room.isEmpty || message.isError || machine.isJoined(message.namespace, message.room),
                "an event is delivered from outside its room")
            if answersEvents || message.wait.serverNumber != nil, !message.isError { send(message.reply(message.body)) }
        case .deliverNative(let message):
            try require(message.body == payload && message.isBinary == isBinary, "a native message is changed")
        case .ignore: break
        }
    }

    mutating func takeCall(_ choice: UInt8) -> HandlerCall? {
        calls.isEmpty ? nil : calls.remove(at: Int(choice) % calls.count)
    }

    mutating func resolve(_ call: HandlerCall, refuses: Bool) throws {
        try carryOut(machine.resolve(call, refusal: refuses ? "no" : nil))
    }

    /// An operation of ours, one of six.
    mutating func operate(_ choice: UInt8, namespace: String, room: String) throws {
        if choice & 15 == 15 {
            try carryOut(machine.emit(Message(wait: WaitToken(client: 1), namespace: namespace, room: room, event: "echo")))
            return
        }
        operations += 1
        open.insert(operations)
        let operation = operations
        let actions =
            switch choice & 15 {
            case 0, 1, 9, 10: machine.connect(namespace, operation: operation)
            case 2, 3, 11, 12: machine.join(namespace, room, operation: operation)
            case 4, 5, 13: machine.leave(namespace, room, operation: operation)
            case 6, 14: machine.disconnect(namespace, operation: operation)
            default: machine.ask(Message(namespace: namespace, room: room, event: "echo"), operation: operation)
            }
        try carryOut(actions)
    }

    /// The connection is gone: everything ends, and nothing comes after that.
    mutating func end() throws {
        steps = 15
        try check()
        try carryOut(machine.closed())
        isEnded = true
        try require(open.isEmpty, "operations do not end with their connection: \(open)")
        try require(places.isEmpty && machine.membership.isEmpty, "a closed connection is in \(places)")
        try require(!machine.hasPendingOperations && machine.closed().isEmpty, "a closed connection goes on")
        for call in calls { try carryOut(machine.resolve(call, refusal: nil)) }
        try hear(ByteBuffer(string: "$1;a;;_OnNamespaceConnect;0;0;"))
        try operate(0, namespace: "a", room: "")
        try carryOut(machine.emit(Message(namespace: "a", event: "echo")))
        try require(open.isEmpty && places.isEmpty, "a closed connection begins something")
    }

    // MARK: Actions

    mutating func carryOut(_ actions: [SessionAction]) throws {
        if actions.isEmpty { return }
        for action in actions {
            switch action {
            case .send(let message): send(message)
            case .sendText(let payload): outgoing.append(EarlyFrame(payload: payload, isBinary: false))
            case .decideAcknowledgement: if acceptsAtOnce { try carryOut(machine.accept(id: "me")) }
            case .replay(let frames):
                replays += 1
                try require(replays == 1 && frames.count <= 4, "\(frames.count) frames are replayed")
                for frame in frames { try hear(frame.payload, isBinary: frame.isBinary) }
            case .call(let call) where call.awaitsOutcome:
                if decidesAtOnce { try resolve(call, refuses: refuses) } else { calls.append(call) }
            case .entered(let namespace): try require(places.updateValue([], forKey: namespace) == nil, "\(namespace) is entered twice")
            case .left(let namespace, _):
                try require(places.removeValue(forKey: namespace) == [], "\(namespace) is left twice, or with rooms")
            case .joined(let namespace, let room):
                try require(places[namespace]?.insert(room).inserted == true, "\(namespace)/\(room) is joined twice")
            case .parted(let namespace, let room, _):
                try require(places[namespace]?.remove(room) != nil, "\(namespace)/\(room) is left twice")
            case .finish(let operation, _): try require(open.remove(operation) != nil, "\(operation) ends twice")
            case .violation: violations += 1
            case .call, .acknowledged, .refused, .denied, .deniedRoom, .close: break
            }
        }
        try require(
            !isEnded || actions.allSatisfy { if case .finish(_, .closed) = $0 { true } else { false } }, "a closed connection: \(actions)")
    }

    private mutating func send(_ message: Message) {
        var buffer = ByteBuffer()
        MessageCodec.write(message, into: &buffer)
        outgoing.append(EarlyFrame(payload: buffer, isBinary: message.isBinary))
    }

    /// What the machine says it is in is what its actions said, within the limits. Looked at closely now and then only: this is called after
    /// every step, and ``end()`` finds what is left over.
    mutating func check() throws {
        try require(machine.namespaces.count == places.count && places.count <= Self.namespaceLimit, "it is not in \(places)")
        steps &+= 1
        guard steps & 15 == 0 else { return }
        let said = machine.membership
        try require(Set(said.map(\.namespace)).count == said.count, "a namespace is there twice: \(said)")
        try require(said.allSatisfy { Set($0.rooms).count == $0.rooms.count }, "a room is there twice: \(said)")
        try require(
            Dictionary(uniqueKeysWithValues: said.map { ($0.namespace, Set($0.rooms)) }) == places, "it is in \(said), not in \(places)")
        try require(
            said.count <= Self.namespaceLimit && said.reduce(0) { $0 + $1.rooms.count } <= Self.roomLimit, "over the limit: \(said)")
    }
}
