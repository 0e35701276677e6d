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
}
