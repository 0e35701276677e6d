import NeffosSession
import Testing

@Suite struct HeartbeatTests {
    private func decide(silence: UInt64, pinged: Bool, every: UInt64 = 25, timeout: UInt64 = 60) -> Heartbeat.Decision {
        Heartbeat.decide(now: 1000 + silence, lastReceived: 1000, pinged: pinged, every: every, timeout: timeout)
    }

    @Test func aSilentPeerIsPingedOnceThenCut() {
        #expect(decide(silence: 24, pinged: false) == .nothing)
        #expect(decide(silence: 25, pinged: false) == .ping)
        #expect(decide(silence: 59, pinged: true) == .nothing)
        #expect(decide(silence: 60, pinged: true) == .cut)
    }

    @Test func nobodyIsCutWithoutHavingBeenPinged() {
        #expect(decide(silence: 1000, pinged: false) == .ping)
    }

    @Test func aTimeoutWithinTheIntervalBeginsWithThePing() {
        #expect(decide(silence: 29, pinged: true, timeout: 5) == .nothing)
        #expect(decide(silence: 30, pinged: true, timeout: 5) == .cut)
        #expect(decide(silence: 60, pinged: true, every: .max, timeout: .max) == .nothing)
    }

    @Test func zeroTurnsItOffAndAClockThatStandsStillDecidesNothing() {
        #expect(decide(silence: 1000, pinged: false, every: 0) == .nothing)
        #expect(decide(silence: 1000, pinged: true, timeout: 0) == .nothing)
        #expect(Heartbeat.decide(now: 5, lastReceived: 9, pinged: true, every: 1, timeout: 1) == .nothing)
    }
}
