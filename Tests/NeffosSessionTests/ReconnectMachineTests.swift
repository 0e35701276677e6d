import NeffosSession
import NeffosWire
import Testing

@Suite struct ReconnectMachineTests {
    static let lobby = [Membership(namespace: "default", rooms: ["lobby"])]

    private func machine(maxTries: Int? = nil) -> ReconnectMachine {
        ReconnectMachine(policy: ReconnectPolicy(interval: .milliseconds(300), maxTries: maxTries))
    }

    @Test func aDropIsWaitedForProbedDialedAndRestored() {
        var machine = machine()
        #expect(machine.handle(.dropped(nil, membership: Self.lobby)) == [.wait(attempt: 1)])
        #expect(machine.handle(.waited) == [.probe])
        #expect(machine.handle(.probeAnswered) == [.dial(tries: 1)])
        #expect(machine.handle(.acknowledged) == [.restore(Self.lobby)])
        #expect(machine.handle(.restored) == [])
        #expect(machine.state == .connected && machine.snapshot == [])
    }

    @Test func eachFailedProbeAndDialAddsATryAndGoesBackToTheWait() {
        var machine = machine()
        _ = machine.handle(.dropped(nil, membership: []))
        for attempt in 2...4 {
            #expect(machine.handle(.waited) == [.probe])
            #expect(machine.handle(.probeFailed) == [.wait(attempt: attempt)])
        }
        _ = machine.handle(.waited)
        #expect(machine.handle(.probeAnswered) == [.dial(tries: 4)])
        #expect(machine.handle(.dialFailed) == [.wait(attempt: 5)])
        _ = machine.handle(.waited)
        #expect(machine.handle(.probeAnswered) == [.dial(tries: 5)])
        #expect(machine.handle(.dropped(.goingAway, membership: [])) == [.wait(attempt: 6)], "a drop before the ack is a failed dial")
        _ = machine.handle(.waited)
        _ = machine.handle(.probeAnswered)
        #expect(machine.handle(.acknowledged) == [])
        #expect(machine.state == .connected)
        #expect(machine.handle(.dropped(nil, membership: [])) == [.wait(attempt: 1)])
        #expect(machine.tries == 1, "each drop counts anew")
    }

    @Test(arguments: [1001, 1006, 1011, 1012, 1013] as [UInt16]) func itComesBackAfterACloseThatInvitesTo(_ code: UInt16) {
        var machine = machine()
        #expect(machine.handle(.dropped(CloseCode(rawValue: code), membership: [])) == [.wait(attempt: 1)])
    }

    @Test(arguments: [1000, 1002, 1005, 1008, 1009, 4000] as [UInt16]) func itStaysAwayAfterAnyOtherClose(_ code: UInt16) {
        var machine = machine()
        let close = CloseCode(rawValue: code)
        #expect(machine.handle(.dropped(close, membership: Self.lobby)) == [.giveUp(.closed(close))])
        #expect(machine.handle(.waited) == [] && machine.state == .stopped)
    }

    @Test func itStaysAwayAfterARefusalAndAfterItsOwnClose() {
        var machine = machine()
        _ = machine.handle(.dropped(nil, membership: Self.lobby))
        _ = machine.handle(.waited)
        _ = machine.handle(.probeAnswered)
        var refused = machine
        #expect(refused.handle(.dialRefused) == [.giveUp(.refused)])
        #expect(refused.handle(.dropped(.policyViolation, membership: [])) == [])
        #expect(machine.handle(.stop) == [.giveUp(.stopped)])
        #expect(machine.handle(.acknowledged) == [] && machine.handle(.stop) == [])
    }

    @Test func aSecondDropWhileRestoringKeepsTheSnapshotAndWhatWasEnteredBeside() {
        var machine = machine()
        _ = machine.handle(.dropped(nil, membership: Self.lobby))
        _ = machine.handle(.waited)
        _ = machine.handle(.probeAnswered)
        _ = machine.handle(.acknowledged)
        let half = [Membership(namespace: "default", rooms: ["attic"]), Membership(namespace: "chat")]
        #expect(machine.handle(.dropped(nil, membership: half)) == [.wait(attempt: 1)])
        _ = machine.handle(.waited)
        _ = machine.handle(.probeAnswered)
        #expect(
            machine.handle(.acknowledged) == [
                .restore([Membership(namespace: "default", rooms: ["lobby", "attic"]), Membership(namespace: "chat")])
            ])
    }

    @Test func whatTheLocalSideLeavesMeanwhileIsNotRestored() {
        var machine = machine()
        _ = machine.handle(
            .dropped(nil, membership: [Membership(namespace: "default", rooms: ["lobby", "attic"]), Membership(namespace: "chat")]))
        machine.forget("chat")
        machine.forget("default", room: "attic")
        machine.forget("nowhere", room: "attic")
        #expect(machine.snapshot == Self.lobby)
    }

    @Test func itGivesUpAfterAsManyTriesAsAllowedOrWhereItNeverComesBack() {
        var machine = machine(maxTries: 2)
        _ = machine.handle(.dropped(nil, membership: []))
        _ = machine.handle(.waited)
        #expect(machine.handle(.probeFailed) == [.wait(attempt: 2)])
        _ = machine.handle(.waited)
        #expect(machine.handle(.probeFailed) == [.giveUp(.triesExhausted)])
        var never = ReconnectMachine(policy: .never)
        #expect(never.handle(.dropped(nil, membership: [])) == [.giveUp(.disabled)])
    }

    @Test func anInputThatDoesNotFitTheStateDoesNothing() {
        var machine = machine()
        let inputs: [ReconnectMachine.Input] = [
            .waited, .probeFailed, .probeAnswered, .dialFailed, .dialRefused, .acknowledged, .restored,
        ]
        for input in inputs { #expect(machine.handle(input) == []) }
        _ = machine.handle(.dropped(nil, membership: []))
        #expect(machine.handle(.probeAnswered) == [] && machine.handle(.dropped(nil, membership: [])) == [])
        #expect(machine.state == .waiting)
    }

    @Test func aFirstDialIsTriedAgainOnlyWhereThePolicySaysSoAndIsOneOfItsTries() {
        var once = machine()
        #expect(once.handle(.firstDialFailed) == [.giveUp(.disabled)])

        var never = ReconnectMachine(policy: ReconnectPolicy(interval: .zero, retriesFirstDial: true))
        #expect(never.handle(.firstDialFailed) == [.giveUp(.disabled)])

        var stubborn = ReconnectMachine(policy: ReconnectPolicy(interval: .seconds(1), maxTries: 3, retriesFirstDial: true))
        #expect(stubborn.handle(.firstDialFailed) == [.wait(attempt: 1)])
        #expect(stubborn.tries == 2)
        #expect(stubborn.handle(.firstDialFailed) == [], "it comes once")
        #expect(stubborn.handle(.waited) == [.probe])
        #expect(stubborn.handle(.probeFailed) == [.wait(attempt: 2)])
        _ = stubborn.handle(.waited)
        #expect(stubborn.handle(.probeAnswered) == [.dial(tries: 3)])
        var exhausted = stubborn
        #expect(exhausted.handle(.dialFailed) == [.giveUp(.triesExhausted)])
        #expect(stubborn.handle(.acknowledged) == [])
        #expect(stubborn.handle(.dropped(nil, membership: Self.lobby)) == [.wait(attempt: 1)])
        #expect(stubborn.tries == 1)
    }

    @Test func withoutProbesTheWaitIsFollowedByTheDial() {
        var machine = ReconnectMachine(policy: ReconnectPolicy(interval: .seconds(1), probes: false))
        _ = machine.handle(.dropped(nil, membership: []))
        #expect(machine.handle(.waited) == [.dial(tries: 1)])
        #expect(machine.handle(.dialFailed) == [.wait(attempt: 2)])
        #expect(machine.handle(.waited) == [.dial(tries: 2)])
    }

    @Test func anAttemptThatIsDeclinedIsTheEnd() {
        var machine = machine()
        #expect(machine.handle(.declined) == [], "nothing is waited for")
        _ = machine.handle(.dropped(nil, membership: Self.lobby))
        #expect(machine.handle(.declined) == [.giveUp(.declined)])
        #expect(machine.state == .stopped && machine.snapshot == [])
    }

    @Test func noTriesAreNone() {
        for none in [0, -1] {
            var machine = machine(maxTries: none)
            #expect(machine.handle(.dropped(nil, membership: [])) == [.giveUp(.triesExhausted)])
        }
    }

    /// Whatever comes in whatever order: nothing after the end, never more tries than allowed, and no snapshot is lost before it is restored.
    @Test func anySequenceKeepsItsPromises() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let policy = ReconnectPolicy(
                interval: .seconds(1), maxTries: Int.random(in: 1...5, using: &random), probes: Bool.random(using: &random),
                retriesFirstDial: Bool.random(using: &random))
            var machine = ReconnectMachine(policy: policy)
            var hasEnded = false
            for _ in 0..<40 {
                let inputs: [ReconnectMachine.Input] = [
                    .firstDialFailed, .dropped(nil, membership: Self.lobby), .dropped(.goingAway, membership: []), .waited, .waited,
                    .probeFailed, .probeAnswered, .probeAnswered, .dialFailed, .acknowledged, .acknowledged, .restored,
                ]
                let input = inputs[Int.random(in: 0..<inputs.count, using: &random)]
                let before = machine
                let actions = machine.handle(input)
                #expect(!hasEnded || actions.isEmpty)
                #expect(machine.tries <= policy.maxTries ?? 0)
                if case .giveUp? = actions.first { hasEnded = true }
                if case .restored = input {} else if !hasEnded, !before.snapshot.isEmpty { #expect(machine.snapshot == before.snapshot) }
                for action in actions {
                    switch action {
                    case .probe: #expect(policy.probes)
                    case .dial(let tries): #expect(tries == machine.tries && tries > 0)
                    case .wait(let attempt): #expect(attempt == machine.tries || attempt == machine.tries - 1)
                    case .restore(let snapshot): #expect(snapshot == machine.snapshot)
                    case .giveUp: #expect(machine.state == .stopped)
                    }
                }
            }
        }
    }
}
