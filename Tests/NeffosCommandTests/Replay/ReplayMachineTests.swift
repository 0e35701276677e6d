import NeffosConsole
import NeffosFeed
import NeffosObservatory
import Testing

@testable import NeffosCommand

@Suite struct ReplayMachineTests {
    /// Lets time pass and works until nothing is due.
    private func pass(_ machine: inout ReplayMachine, _ time: Duration) {
        machine.pass(time, most: 7)
        finish(&machine)
    }

    private func finish(_ machine: inout ReplayMachine) { while machine.isBusy { machine.pass(.zero, most: 7) } }

    private func seconds(_ machine: ReplayMachine) -> Double { Double(machine.position - MadeTape.start) / 1000 }

    @Test func `It plays what is due, at the speed it is told`() {
        var machine = MadeTape.twoOutages.machine()
        pass(&machine, .seconds(5))
        #expect(seconds(machine) == 5)
        #expect(machine.observatory.connectionCount == 10)
        machine.handle(.faster)
        machine.handle(.faster)
        #expect(machine.speed == 4)
        pass(&machine, .milliseconds(2_500))
        #expect(seconds(machine) == 15)
        for _ in 0..<8 { machine.handle(.slower) }
        #expect(machine.speed == ReplayMachine.slowest)
        // What is less than a millisecond of the tape is not lost.
        for _ in 0..<80 { pass(&machine, .milliseconds(50)) }
        #expect(seconds(machine) == 15.5)
        for _ in 0..<20 { machine.handle(.faster) }
        #expect(machine.speed == ReplayMachine.fastest)
    }

    @Test func `Paused it stands still, steps by an event and by a second, and goes on`() {
        var machine = MadeTape.twoOutages.machine()
        machine.handle(.pauseOrGoOn)
        pass(&machine, .seconds(100))
        #expect(machine.entries == 0)
        #expect(machine.idle == nil)
        machine.handle(.stepEntry)
        finish(&machine)
        #expect(machine.entries == 1)
        #expect(machine.observatory.vitals.state == .running)
        machine.handle(.stepEntry)
        finish(&machine)
        #expect(machine.entries == 2)
        #expect(machine.observatory.connectionCount == 1)
        machine.handle(.stepSecond)
        finish(&machine)
        #expect(seconds(machine) == 2)
        // Steps that are pressed faster than they are made add up.
        for _ in 0..<3 { machine.handle(.stepSecond) }
        finish(&machine)
        #expect(seconds(machine) == 5)
        #expect(machine.isPaused)
        machine.handle(.pauseOrGoOn)
        pass(&machine, .seconds(1))
        #expect(seconds(machine) == 6)
    }

    @Test func `Wherever it is and however it came there, the picture is the same`() {
        // What it comes to when it is played from the beginning in one go.
        func straight(to second: Int) -> ReplayMachine {
            var machine = MadeTape.twoOutages.machine(isPaused: true, checkpointEvery: 1_000_000)
            machine.handle(.seek(by: second))
            finish(&machine)
            return machine
        }
        var machine = MadeTape.twoOutages.machine(isPaused: true, checkpointEvery: 5)
        var random = 12345
        var place = 0
        for _ in 0..<60 {
            random = (random &* 1_103_515_245 &+ 12345) & 0x7FFF_FFFF
            let target = random % 119
            machine.handle(.seek(by: target - place))
            finish(&machine)
            place = target
            let expected = straight(to: target)
            #expect(machine.entries == expected.entries)
            #expect(machine.position == expected.position)
            #expect(machine.observatory.vitals == expected.observatory.vitals)
            #expect(machine.observatory.incidents == expected.observatory.incidents)
            #expect(machine.observatory.alerts == expected.observatory.alerts)
            #expect(machine.observatory.recentEvents.taken == expected.observatory.recentEvents.taken)
            #expect(machine.observatory.revision == expected.observatory.revision)
            for series in Series.allCases {
                #expect(machine.observatory.history(series, buckets: 120) == expected.observatory.history(series, buckets: 120))
            }
        }
    }

    @Test func `It goes from incident to incident and back, and stays where there is none`() {
        var machine = MadeTape.twoOutages.machine(isPaused: true)
        machine.handle(.nextIncident)
        finish(&machine)
        #expect(seconds(machine) == 21)
        // A second after it opened, so that all who were lost are told.
        #expect(machine.observatory.incidents.first?.dropped == 10)
        machine.handle(.nextIncident)
        finish(&machine)
        #expect(seconds(machine) == 61)
        #expect(machine.observatory.incidents.count == 2)
        machine.handle(.nextIncident)
        finish(&machine)
        #expect(seconds(machine) == 61)
        #expect(machine.notice.text == "no incident after this")
        machine.handle(.previousIncident)
        finish(&machine)
        #expect(seconds(machine) == 21)
        machine.handle(.previousIncident)
        finish(&machine)
        #expect(seconds(machine) == 21)
        #expect(machine.notice.text == "no incident before this")
        #expect(machine.notice.number == 2)
        machine.handle(.nextIncident)
        finish(&machine)
        #expect(seconds(machine) == 61)
    }

    @Test func `At its end it stands, says so, and begins anew when it is to go on`() {
        var machine = MadeTape.twoOutages.machine(speed: 1000)
        pass(&machine, .seconds(5))
        #expect(machine.isAtEnd)
        #expect(machine.status.isAtEnd)
        #expect(machine.position == machine.status.last)
        #expect(machine.idle == nil)
        #expect(machine.observatory.incidents.first?.missing == 2)
        #expect(machine.observatory.incidents.first?.isOpen == false)
        machine.handle(.pauseOrGoOn)
        finish(&machine)
        #expect(!machine.isAtEnd)
        #expect(machine.observatory.incidents.isEmpty)
        machine.handle(.toEnd)
        finish(&machine)
        #expect(machine.isAtEnd)
        machine.handle(.seek(by: -10))
        finish(&machine)
        #expect(seconds(machine) == 109.5)
        #expect(!machine.isAtEnd)
        machine.handle(.toStart)
        finish(&machine)
        #expect(seconds(machine) == 0)
    }

    @Test func `What takes long can be stopped where it is`() {
        var machine = MadeTape.twoOutages.machine()
        machine.handle(.toEnd)
        machine.pass(.zero, most: 30)
        #expect(machine.isBusy)
        machine.handle(.pauseOrGoOn)
        #expect(!machine.isBusy)
        #expect(machine.isPaused)
        #expect(machine.entries == 30)
    }

    @Test func `It says how long nothing will change`() {
        var tape = MadeTape()
        tape.start(0)
        tape.sample(250, 0)
        tape.sample(5_000, 0)
        var machine = tape.machine(speed: 2)
        #expect(machine.idle == .zero)
        pass(&machine, .zero)
        #expect(machine.idle == .milliseconds(125))
        pass(&machine, .milliseconds(125))
        #expect(machine.idle == .milliseconds(375))
    }

    @Test func `A silence between two runs of a server takes two seconds, and the lost are those of the run before`() throws {
        var tape = MadeTape()
        tape.start(0)
        tape.come(1_000, "a", key: "alice")
        tape.come(1_100, "b", key: "bob")
        tape.sample(2_000, 2)
        // Killed; started again five minutes later.
        tape.start(302_000)
        tape.come(303_000, "c", key: "alice", tries: 40)
        tape.sample(304_000, 1)
        var machine = tape.machine()
        pass(&machine, .milliseconds(3_000))
        #expect(seconds(machine) > 100 && seconds(machine) < 200)
        pass(&machine, .milliseconds(1_000))
        #expect(seconds(machine) == 302)
        let incident = try #require(machine.observatory.incidents.first)
        #expect(incident.cause == .restart)
        #expect(incident.dropped == 2)
        // From the last sign of life, though the tape was watched all the time in between.
        #expect(incident.away == 300_000)
        pass(&machine, .seconds(5))
        #expect(machine.observatory.incidents.first?.missing == 1)
    }

    @Test func `A clock that was set back does not turn the tape back`() {
        var tape = MadeTape()
        tape.start(0)
        tape.sample(10_000, 0)
        tape.sample(4_000, 0)
        tape.sample(6_000, 0)
        var machine = tape.machine()
        pass(&machine, .seconds(10))
        #expect(machine.entries == 3)
        pass(&machine, .seconds(2))
        #expect(machine.isAtEnd)
    }

    @Test(arguments: [110, 140, 300, 100_000])
    func `Incidents settle at their time where the tape has no events for a while`(seconds: Int) throws {
        var tape = MadeTape()
        tape.start(0)
        for client in 0..<5 { tape.come(1_000, "a\(client)", key: "client-\(client)") }
        for client in 0..<5 { tape.drop(10_000, "a\(client)") }
        tape.sample(seconds * 1_000, 0)
        var machine = tape.machine(isPaused: true)
        // In the middle of the silence, which takes two seconds.
        machine.handle(.seek(by: 11))
        finish(&machine)
        #expect(machine.entries == 26)
        #expect((0..<1_000).contains(machine.position - machine.observatory.now))
        let incident = try #require(machine.observatory.incidents.first)
        #expect(incident.closedAt.map { $0 - incident.openedAt } == 30_000)
    }

    @Test func `A drill's incident waits for its listener where the tape has no events meanwhile`() throws {
        var tape = MadeTape()
        tape.start(0)
        for client in 0..<5 { tape.come(1_000, "a\(client)", key: "client-\(client)") }
        tape.add(10_000, .operatorAction(.init(action: "drill", by: "x", target: "", count: 5, result: "", away: 500_000)))
        for client in 0..<5 { tape.drop(10_000, "a\(client)") }
        tape.sample(10_000_000, 0)
        var machine = tape.machine(isPaused: true)
        machine.handle(.toEnd)
        finish(&machine)
        let incident = try #require(machine.observatory.incidents.first)
        #expect(incident.closedAt.map { $0 - incident.openedAt } == 530_000)
    }

    @Test func `Copies for going back are bounded, in number and by what they hold`() {
        var tape = MadeTape()
        tape.start(0)
        for number in 0..<4_000 { tape.sample(number * 10, 0) }
        var machine = tape.machine(isPaused: true, checkpointEvery: 10)
        machine.handle(.toEnd)
        while machine.isBusy { machine.pass(.zero, most: 500) }
        #expect(machine.checkpointCount > 16 && machine.checkpointCount <= 64)

        var checkpoints = ReplayCheckpoints(
            first: .init(observatory: Observatory(), timeline: .init(start: MadeTape.start), offset: 0, entries: 0), interval: 1,
            mostRows: 5_000)
        for number in 1...100 {
            checkpoints.add(.init(observatory: Observatory(), timeline: .init(start: MadeTape.start), offset: number, entries: number))
            #expect(checkpoints.all.count <= 10)
            #expect(checkpoints.all.first?.offset == 0)
        }
    }

    @Test func `It begins at a time`() {
        var machine = MadeTape.twoOutages.machine(isPaused: true)
        machine.go(toTime: MadeTape.start + 61_000)
        finish(&machine)
        #expect(machine.observatory.connectionCount == 0)
        #expect(machine.observatory.incidents.count == 2)
    }
}
