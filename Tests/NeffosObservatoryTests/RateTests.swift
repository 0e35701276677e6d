import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct RateTests {
    @Test func `rates are exact over one, ten and sixty seconds`() {
        var player = TapePlayer()
        player.start()
        for second in 0..<60 {
            for _ in 0..<(second < 50 ? 1 : 10) { player.probe() }
            player.after(1_000)
        }
        var rates = player.observatory.vitals.probeRate
        #expect(rates.perSecond1 == 10)
        #expect(rates.perSecond10 == 10)
        #expect(rates.perSecond60 == 2.5)
        #expect(rates.peak == 10)
        player.after(5_000)
        rates = player.observatory.vitals.probeRate
        #expect(rates.perSecond1 == 0)
        #expect(rates.perSecond10 == 5)
        player.after(60_000)
        #expect(player.observatory.vitals.probeRate == Rates(peak: 10))
        #expect(player.observatory.vitals.probes == 150)
    }

    @Test func `a history has one value a second, oldest first`() {
        var player = TapePlayer()
        player.start()
        for number in 0..<3 {
            for _ in 0...number { player.probe() }
            player.come("c\(number)")
            player.after(1_000)
        }
        #expect(player.observatory.history(.probes, buckets: 5) == [0, 0, 1, 2, 3])
        #expect(player.observatory.history(.connections, buckets: 5) == [0, 0, 1, 2, 3])
        #expect(player.observatory.history(.opened, buckets: 4) == [0, 1, 1, 1])
        #expect(player.observatory.history(.closed, buckets: 0) == [])
        #expect(player.observatory.history(.closed, buckets: 9_999).count == 600)
        #expect(player.observatory.vitals.delta10s == 3)
        player.after(10_000)
        #expect(player.observatory.vitals.delta10s == 0)
        #expect(player.observatory.history(.connections, buckets: 2) == [3, 3])
    }

    @Test func `a leap of hours forgets the rates and costs nothing`() {
        var player = TapePlayer()
        player.start()
        player.probe()
        player.skip(1_000_000_000_000)
        player.probe()
        #expect(player.observatory.history(.probes, buckets: 600).allSatisfy { $0 == 0 })
        #expect(player.observatory.vitals.probes == 2)
    }

    @Test func `an event a little late counts in its own second, and a clock set back begins anew`() {
        var player = TapePlayer()
        player.start()
        player.after(3_000)
        player.skip(-2_000)
        player.probe()
        #expect(player.observatory.history(.probes, buckets: 3) == [0, 1, 0])
        player.skip(-5_000_000)
        player.probe()
        #expect(player.observatory.now == player.time)
        player.after(1_000)
        #expect(player.observatory.vitals.probeRate.perSecond1 == 1)
    }

    @Test func `messages are what the samples say`() {
        var player = TapePlayer()
        player.start()
        player.after(1_000)
        player.play(.sample(.init(messagesInPerSecond: 7, messagesOutPerSecond: 70)))
        #expect(player.observatory.history(.messagesIn, buckets: 1) == [7])
        #expect(player.observatory.history(.messagesOut, buckets: 2) == [0, 70])
        #expect(player.observatory.summary.peaks.messagesOutPerSecond == 70)
        #expect(player.observatory.vitals.sample?.messagesInPerSecond == 7)
    }
}
