import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct HistoryTests {
    @Test func `a history of longer steps has the mean of their seconds, or the most of one`() {
        // Begins with a whole two minutes.
        var player = TapePlayer(at: 1_200_000_000)
        player.start()
        for second in 0..<130 {
            for _ in 0..<(second == 15 ? 50 : second % 10 == 0 ? 20 : 0) { player.reject() }
            player.after(1_000)
        }
        player.after(5_000)
        let model = player.observatory
        let tens = model.history(.rejected, resolution: .tenSeconds, buckets: 13)
        #expect(tens == [2, 7] + [Double](repeating: 2, count: 11))
        #expect(model.history(.rejected, resolution: .tenSeconds, buckets: 13, peaks: true)[1] == 50)
        // 12 times 20, and 50, in 120 s.
        #expect(model.history(.rejected, resolution: .twoMinutes, buckets: 1).map { ($0 * 120).rounded() } == [290])
        #expect(model.history(.rejected, resolution: .twoMinutes, buckets: 1, peaks: true) == [50])
        #expect(model.history(.rejected, resolution: .second, buckets: 5) == model.history(.rejected, buckets: 5))
    }

    @Test func `connections keep their number where nothing happens, and messages come a second late`() {
        var player = TapePlayer(at: 1_200_000_000)
        player.start()
        for number in 0..<7 { player.come("c\(number)") }
        for _ in 0..<65 {
            player.after(1_000)
            player.play(.sample(.init(messagesInPerSecond: 30)))
        }
        #expect(player.observatory.history(.connections, resolution: .tenSeconds, buckets: 3) == [7, 7, 7])
        #expect(player.observatory.history(.messagesIn, resolution: .tenSeconds, buckets: 3) == [30, 30, 30])
    }

    @Test func `no more is kept than was said, and a long silence is a silence`() {
        var player = TapePlayer(at: 1_200_000_000)
        player.start()
        player.come("a")
        player.skip(3 * 86_400_000)
        player.come("b")
        player.after(300_000)
        for resolution in Resolution.allCases {
            let values = player.observatory.history(.opened, resolution: resolution, buckets: .max)
            #expect(values.count == resolution.capacity)
            #expect(values.reduce(0, +) * Double(resolution.seconds) > 0.9)
            #expect(values.reduce(0, +) * Double(resolution.seconds) < 1.1)
        }
        #expect(player.observatory.history(.opened, resolution: .second, buckets: -1).isEmpty)
    }

    @Test func `two days are kept by two minutes`() {
        var player = TapePlayer(at: 1_200_000_000)
        player.start()
        for _ in 0..<1_441 {
            player.come("a")
            player.close("a")
            for _ in 0..<12 {
                player.skip(10_000)
                _ = player.observatory.advance(to: player.time)
            }
        }
        player.after(10_000)
        let days = player.observatory.history(.closed, resolution: .twoMinutes, buckets: 1_440)
        #expect(days.allSatisfy { abs($0 - 1.0 / 120) < 0.000_1 })
    }
}
