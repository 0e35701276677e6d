import NIOCore
import NeffosSession
import NeffosWire

/// Session machines under any sequence of inputs: one alone with a hostile peer, or a client's and a server's with each other.
enum SessionFuzz {
    /// A byte of choices, then the steps.
    static func run(_ input: inout FuzzInput) throws {
        let choice = input.byte()
        switch choice & 7 {
        case 0, 1, 2: try alone(choice & 8 == 0 ? .server : .client, isAcknowledged: choice & 16 == 0, choice: choice, &input)
        case 3: try ReconnectFuzz.run(&input)
        default: try together(isHonest: choice & 8 == 0, choice: choice, &input)
        }
    }

    static let namespaces = ["a", "b", "c", "d", "e", "nowhere", ""]
    static let rooms = ["x", "y", "z", "w", "v", "", "x;y"]

    private static func rules(_ role: SessionRole, choice: UInt8) -> SessionRules {
        let native: NativeMessages = [.none, .none, .mixed, .only][Int(choice >> 5 & 3)]
        return SessionRules(
            role: role, declaredNamespaces: ["a", "b", "c", "d", "e"], nativeMessages: native,
            namespacesPerConnection: SessionSide.namespaceLimit, roomsPerConnection: SessionSide.roomLimit, framesBeforeAck: 4,
            bytesBeforeAck: 64)
    }

    // MARK: One machine

    private static func alone(_ role: SessionRole, isAcknowledged: Bool, choice: UInt8, _ input: inout FuzzInput) throws {
        var side = SessionSide(rules(role, choice: choice))
        try side.opened()
        if isAcknowledged {
            try side.hear(ByteBuffer(string: role == .server ? "M" : "Ame"))
            if role == .server { try side.carryOut(side.machine.accept(id: "me")) }
        }
        while !input.isEmpty {
            try step(&side, &input)
            // Nobody reads what it says.
            side.outgoing.removeAll()
        }
        try side.end()
    }

    /// One input of a machine, from its peer or from its own side.
    private static func step(_ side: inout SessionSide, _ input: inout FuzzInput) throws {
        let choice = input.byte()
        switch choice & 15 {
        case 0, 1, 2: try side.hear(frame(&input, operations: side.operations), isBinary: choice & 16 != 0)
        case 3: try side.hear(ByteBuffer(bytes: input.bytes(most: 60)), isBinary: choice & 16 != 0)
        case 4, 5:
            guard let call = side.takeCall(input.byte()) else { return }
            try side.resolve(call, refuses: choice & 16 != 0)
        case 6: try side.carryOut(side.machine.expire(OperationID(input.below(Int(side.operations) + 2))))
        case 7: if choice & 64 != 0 { try side.carryOut(side.machine.accept(id: "me")) }
        case 8: if choice & 192 == 192 { try side.carryOut(side.machine.refuse("no")) }
        default: try side.operate(choice, namespace: input.pick(namespaces), room: input.pick(rooms))
        }
        try side.check()
    }

    /// A frame with fields that mean something, as anyone could send it.
    private static func frame(_ input: inout FuzzInput, operations: OperationID) -> ByteBuffer {
        let number = input.byte()
        let flags = input.byte()
        let message = Message(
            wait: WaitToken(bytes: ByteBuffer(string: token(input.below(11), number: number, operations: operations))),
            namespace: input.pick(namespaces), room: input.pick(rooms),
            event: input.pick(events), isError: flags & 1 != 0, isNoOp: flags & 2 != 0,
            body: ByteBuffer(string: flags & 4 != 0 ? "body;" : ""))
        var buffer = ByteBuffer()
        MessageCodec.write(message, into: &buffer)
        return buffer
    }

    private static let events = SystemEvent.allCases.map(\.rawValue) + ["echo", "", "_own"]

    private static func token(_ kind: Int, number: UInt8, operations: OperationID) -> String {
        switch kind {
        case 0: ""
        case 1: "\(number)"
        case 2: "$\(number)"
        case 3: "#\(number)"
        case 4: "#$\(number)"
        case 5: "p"
        case 6: "$p"
        case 7: "\(operations)"
        case 8: "$\(operations)"
        case 9: "01"
        default: "$18446744073709551616"
        }
    }

    // MARK: Two machines

    /// Two machines, whose frames are under way for a while. Where the way is not honest, frames of anyone's get in between, are lost or are
    /// doubled, and operations expire.
    private static func together(isHonest: Bool, choice: UInt8, _ input: inout FuzzInput) throws {
        let choice = isHonest ? choice & 0b1101_1111 & ~0x40 : choice
        var sides = [SessionSide(rules(.client, choice: choice)), SessionSide(rules(.server, choice: choice))]
        sides[1].answersEvents = true
        for index in sides.indices {
            sides[index].decidesAtOnce = isHonest || choice & 16 != 0
            sides[index].acceptsAtOnce = true
            try sides[index].opened()
        }
        while !input.isEmpty {
            let step = input.byte()
            let index = Int(step & 1)
            switch step >> 1 & 7 {
            case 0, 1, 2: try pass(from: index, &sides)
            case 3 where !isHonest:
                switch step >> 4 & 3 {
                case 0: try sides[index].hear(frame(&input, operations: sides[index].operations))
                case 1: if !sides[index].outgoing.isEmpty { sides[index].outgoing.removeFirst() }
                case 2: if let first = sides[index].outgoing.first { sides[index].outgoing.append(first) }
                default: try Self.step(&sides[index], &input)
                }
            case 4 where !isHonest:
                if let call = sides[index].takeCall(step) { try sides[index].resolve(call, refuses: step & 128 != 0) }
            default:
                // In honest company only what can be agreed on: a refusal leaves both where they were.
                let refuses = step & 128 != 0
                for index in sides.indices { sides[index].refuses = refuses }
                try sides[index].operate(input.byte(), namespace: input.pick(namespaces), room: input.pick(rooms))
            }
            for index in sides.indices { try sides[index].check() }
        }
        try drain(&sides)
        if isHonest {
            for side in sides {
                try require(side.open.isEmpty && !side.machine.hasPendingOperations, "operations hang: \(side.open)")
                try require(side.violations == 0, "an honest side is taken for another")
            }
            try require(sides[0].places == sides[1].places, "they disagree: \(sides[0].places), \(sides[1].places)")
        }
        for index in sides.indices { try sides[index].end() }
    }

    private static func pass(from index: Int, _ sides: inout [SessionSide]) throws {
        guard !sides[index].outgoing.isEmpty else { return }
        let frame = sides[index].outgoing.removeFirst()
        try sides[1 - index].hear(frame.payload, isBinary: frame.isBinary)
    }

    /// Until all is said, which must come to an end.
    private static func drain(_ sides: inout [SessionSide]) throws {
        var left = 100_000
        while sides.contains(where: { !$0.outgoing.isEmpty || $0.hasCalls }) {
            for index in sides.indices {
                if let call = sides[index].takeCall(0) { try sides[index].resolve(call, refuses: false) }
                try pass(from: index, &sides)
            }
            left -= 1
            try require(left > 0, "they talk for ever")
        }
    }
}
