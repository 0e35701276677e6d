import NIOCore
import NeffosSession
import NeffosWire
import Testing

/// Whatever comes in whatever order: nothing traps, membership is as the actions said, and each operation finishes exactly once.
@Suite struct RandomSequenceTests {
    /// What an engine knows of its machine, from the actions alone.
    private struct Watcher {
        var session: SessionMachine
        var random: SeededGenerator
        var rooms: [String: Set<String>] = [:]
        var open: Set<OperationID> = []
        var finished = 0
        var operation: OperationID = 0
        var calls: [HandlerCall] = []
        var sent: [WaitToken] = []

        mutating func begin() -> OperationID {
            operation += 1
            open.insert(operation)
            return operation
        }

        mutating func carryOut(_ actions: [SessionAction]) {
            for action in actions {
                switch action {
                case .send(let message): sent.append(message.wait)
                case .replay(let frames): for frame in frames { hear(frame.payload, isBusy: false) }
                case .call(let call) where call.awaitsOutcome: calls.append(call)
                case .entered(let namespace): #expect(rooms.updateValue([], forKey: namespace) == nil)
                case .left(let namespace, _): #expect(rooms.removeValue(forKey: namespace) == [], "left with rooms or twice")
                case .joined(let namespace, let room): #expect(rooms[namespace]?.insert(room).inserted == true)
                case .parted(let namespace, let room, _): #expect(rooms[namespace]?.remove(room) != nil)
                case .finish(let operation, _):
                    #expect(open.remove(operation) != nil, "finished twice")
                    finished += 1
                default: break
                }
            }
        }

        mutating func hear(_ payload: ByteBuffer, isBusy: Bool) {
            if isBusy {
                carryOut(session.receiveAnswer(payload, isBinary: false) ?? [])
                return
            }
            switch session.receive(payload, isBinary: random.chance(20)) {
            case .actions(let actions), .immediate(let actions): carryOut(actions)
            case .deliver(let message):
                #expect(session.isConnected(message.namespace))
                #expect(message.room.isEmpty || message.isError || session.isJoined(message.namespace, message.room))
            case .deliverNative, .ignore: break
            }
        }

        func check() {
            let said = Dictionary(uniqueKeysWithValues: session.membership.map { ($0.namespace, Set($0.rooms)) })
            #expect(said == rooms)
            #expect(session.membership.allSatisfy { Set($0.rooms).count == $0.rooms.count })
            #expect(said.count <= 3 && said.values.reduce(0) { $0 + $1.count } <= 4)
        }
    }

    private static func frame(_ role: SessionRole, _ watcher: inout Watcher) -> ByteBuffer {
        let namespaces = ["a", "b", "c", "d", "nowhere", ""]
        let rooms = ["", "x", "y", "z", "x;y"]
        let events = SystemEvent.allCases.map(\.rawValue) + ["chat", "", "_own"]
        let own = role == .server ? "" : "$"
        let number = Int.random(in: 0...Int(watcher.operation + 2), using: &watcher.random)
        if watcher.random.chance(5) { return ByteBuffer(string: watcher.random.pick(["M", "A1", "H2", "", ";;", "$", "\u{FF};1"])) }
        if watcher.random.chance(30) { return ByteBuffer(string: "\(own)\(number);;;;;;") }
        let message = Message(
            wait: WaitToken(bytes: ByteBuffer(string: watcher.random.pick(["", "$7", "7", "p", "\(own)\(number)", "#\(own)\(number)"]))),
            namespace: watcher.random.pick(namespaces), room: watcher.random.pick(rooms), event: watcher.random.pick(events),
            isError: watcher.random.chance(15), isNoOp: watcher.random.chance(10), body: ByteBuffer(string: "body;"))
        var buffer = ByteBuffer()
        MessageCodec.write(message, into: &buffer)
        return buffer
    }

    private static func step(_ role: SessionRole, _ watcher: inout Watcher) {
        let namespace = watcher.random.pick(["a", "b", "c", "d", "nowhere"])
        let room = watcher.random.pick(["x", "y", "z", ""])
        switch Int.random(in: 0..<16, using: &watcher.random) {
        case 0..<7:
            let frame = frame(role, &watcher)
            watcher.hear(frame, isBusy: watcher.calls.contains { $0.continuation == .answerPeer })
        case 7, 8:
            guard !watcher.calls.isEmpty else { return }
            let call = watcher.calls.remove(at: Int.random(in: 0..<watcher.calls.count, using: &watcher.random))
            let refusal = watcher.random.chance(20) ? "no" : nil
            watcher.carryOut(watcher.session.resolve(call, refusal: refusal))
        case 9, 10:
            let operation = watcher.begin()
            watcher.carryOut(watcher.session.connect(namespace, operation: operation))
        case 11:
            let operation = watcher.begin()
            watcher.carryOut(watcher.session.disconnect(namespace, operation: operation))
        case 12:
            let operation = watcher.begin()
            watcher.carryOut(watcher.session.join(namespace, room, operation: operation))
        case 13:
            let operation = watcher.begin()
            watcher.carryOut(watcher.session.leave(namespace, room, operation: operation))
        case 14:
            let operation = watcher.begin()
            watcher.carryOut(watcher.session.ask(Message(namespace: namespace, event: "echo"), operation: operation))
            watcher.carryOut(watcher.session.emit(Message(namespace: namespace, event: "chat")))
        default:
            watcher.carryOut(watcher.session.expire(OperationID.random(in: 0...watcher.operation, using: &watcher.random)))
            if watcher.random.chance(10) { watcher.carryOut(watcher.session.accept(id: "me")) }
        }
    }

    @Test(arguments: [SessionRole.client, .server], 1...60 as ClosedRange<UInt64>)
    func nothingTrapsAndEachOperationFinishesOnce(_ role: SessionRole, _ seed: UInt64) {
        let rules = SessionRules(
            role: role, declaredNamespaces: ["a", "b", "c", "d"], nativeMessages: seed % 3 == 0 ? .mixed : .none,
            namespacesPerConnection: 3, roomsPerConnection: 4)
        var watcher = Watcher(session: SessionMachine(rules: rules), random: SeededGenerator(seed: seed))
        watcher.carryOut(watcher.session.opened())
        if !seed.isMultiple(of: 5) {
            watcher.hear(ByteBuffer(string: role == .server ? "M" : "Ame"), isBusy: false)
            watcher.carryOut(watcher.session.accept(id: "me"))
        }
        for _ in 0..<400 {
            Self.step(role, &watcher)
            watcher.check()
        }
        watcher.carryOut(watcher.session.closed())
        #expect(watcher.open == [] && watcher.finished == Int(watcher.operation))
        #expect(watcher.rooms == [:] && !watcher.session.hasPendingOperations)
        for _ in 0..<50 { Self.step(role, &watcher) }
        #expect(watcher.open == [] && watcher.rooms == [:])
    }
}
