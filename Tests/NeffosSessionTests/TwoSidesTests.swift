import NIOCore
import NeffosSession
import NeffosWire
import Testing

/// A client's and a server's machine that talk to each other, each frame under way for a while.
@Suite struct TwoSidesTests {
    private struct Side {
        var session: SessionMachine
        var outgoing: [ByteBuffer] = []
        var open: Set<OperationID> = []
        var operation: OperationID = 0
        var deliveries: [String] = []

        init(_ role: SessionRole) {
            session = SessionMachine(rules: SessionRules(role: role, declaredNamespaces: ["a", "b"]))
        }

        /// Handlers decide at once; `refuses` says how.
        mutating func carryOut(_ actions: [SessionAction], refuses: () -> Bool) {
            for action in actions {
                switch action {
                case .send(let message):
                    var buffer = ByteBuffer()
                    MessageCodec.write(message, into: &buffer)
                    outgoing.append(buffer)
                case .sendText(let text): outgoing.append(text)
                case .decideAcknowledgement: carryOut(session.accept(id: "me"), refuses: refuses)
                case .call(let call) where call.awaitsOutcome:
                    carryOut(session.resolve(call, refusal: refuses() ? "no" : nil), refuses: refuses)
                case .finish(let operation, _): #expect(open.remove(operation) != nil)
                case .violation(let kind, let detail): Issue.record("\(kind): \(detail)")
                default: break
                }
            }
        }

        mutating func hear(_ payload: ByteBuffer, refuses: () -> Bool) {
            switch session.receive(payload, isBinary: false) {
            case .actions(let actions), .immediate(let actions): carryOut(actions, refuses: refuses)
            case .deliver(let message):
                deliveries.append(message.text)
                if !message.isError { carryOut([.send(message.reply(message.body))], refuses: refuses) }
            case .deliverNative, .ignore: break
            }
        }
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func bothSidesAgreeOnceAllIsSaid(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var sides = [Side(.client), Side(.server)]
        let refusals = seed.isMultiple(of: 2) ? 15 : 0
        sides[0].carryOut(sides[0].session.opened(), refuses: { false })
        func pass(from index: Int) {
            guard !sides[index].outgoing.isEmpty else { return }
            let frame = sides[index].outgoing.removeFirst()
            let refuse = random.chance(refusals)
            sides[1 - index].hear(frame, refuses: { refuse })
        }
        pass(from: 0)
        pass(from: 1)
        #expect(sides.allSatisfy { $0.session.isAcknowledged && $0.session.id == "me" })
        for _ in 0..<300 {
            let index = Int.random(in: 0...1, using: &random)
            if random.chance(60) {
                pass(from: index)
                continue
            }
            let namespace = random.pick(["a", "b"])
            let room = random.pick(["x", "y"])
            sides[index].operation += 1
            let operation = sides[index].operation
            sides[index].open.insert(operation)
            let actions =
                switch Int.random(in: 0..<5, using: &random) {
                case 0: sides[index].session.connect(namespace, operation: operation)
                case 1: sides[index].session.disconnect(namespace, operation: operation)
                case 2: sides[index].session.join(namespace, room, operation: operation)
                case 3: sides[index].session.leave(namespace, room, operation: operation)
                default: sides[index].session.ask(Message(namespace: namespace, event: "echo"), operation: operation)
                }
            let refuse = random.chance(refusals)
            sides[index].carryOut(actions, refuses: { refuse })
        }
        while sides.contains(where: { !$0.outgoing.isEmpty }) {
            pass(from: 0)
            pass(from: 1)
        }
        #expect(sides.allSatisfy { $0.open.isEmpty && !$0.session.hasPendingOperations && $0.session.lateAnswers == 0 })
        let memberships = sides.map { side in
            Set(side.session.membership.map { Membership(namespace: $0.namespace, rooms: $0.rooms.sorted()) })
        }
        #expect(memberships[0] == memberships[1])
    }
}
