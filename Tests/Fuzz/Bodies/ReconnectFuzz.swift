import NeffosSession
import NeffosWire

/// The way back under any sequence of inputs: one thing at a time, never more tries than allowed, and nothing after the end.
enum ReconnectFuzz {
    static func run(_ input: inout FuzzInput) throws {
        let choice = input.byte()
        let maxTries = choice & 1 == 0 ? nil : Int(choice >> 1 & 7)
        let policy = ReconnectPolicy(
            interval: .milliseconds(choice & 16 == 0 ? 1 : Int(choice)), jitter: Double(input.byte()) / 255,
            multiplier: Double(input.byte()) / 16, maximum: .seconds(Int(input.byte())), maxTries: maxTries)
        let backoff = Backoff(policy: policy)
        var machine = ReconnectMachine(policy: policy)
        while !input.isEmpty {
            let before = machine.state
            let actions = machine.handle(self.input(&input))
            try require(actions.count <= 1, "several things at once: \(actions)")
            try require(before != .stopped || actions.isEmpty, "a client that has ended goes on: \(actions)")
            switch actions.first {
            case .wait(let attempt):
                try require(attempt == machine.tries && attempt >= 1, "attempt \(attempt) of \(machine.tries)")
                let delay = backoff.delay(attempt: attempt, random: Double(input.byte()) / 256)
                try require(delay >= .zero && delay <= policy.maximum * 2 + policy.interval * 2, "a wait of \(delay)")
            case .dial(let tries): try require(tries <= max(1, maxTries ?? .max), "\(tries) tries")
            case .restore(let places): try require(!places.isEmpty && machine.state == .restoring, "nothing is restored")
            case .giveUp: try require(machine.state == .stopped && machine.snapshot.isEmpty, "it gives up and goes on")
            case .probe, nil: break
            }
            if input.byte() & 7 == 0 {
                machine.forget(input.pick(SessionFuzz.namespaces), room: input.flag() ? input.pick(SessionFuzz.rooms) : nil)
            }
        }
    }

    private static func input(_ input: inout FuzzInput) -> ReconnectMachine.Input {
        switch input.below(10) {
        case 0, 1:
            let code = input.flag() ? CloseCode(rawValue: 1000 + UInt16(input.byte())) : nil
            let places = (0..<input.below(3)).map { _ in
                Membership(namespace: input.pick(SessionFuzz.namespaces), rooms: [input.pick(SessionFuzz.rooms)])
            }
            return .dropped(code, membership: places)
        case 2: return .waited
        case 3: return .probeFailed
        case 4: return .probeAnswered
        case 5: return .dialFailed
        case 6: return .dialRefused
        case 7: return .acknowledged
        case 8: return .restored
        default: return input.below(20) == 0 ? .stop : .waited
        }
    }
}
