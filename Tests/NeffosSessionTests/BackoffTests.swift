import NeffosSession
import Testing

@Suite struct BackoffTests {
    private func seconds(_ backoff: Backoff, _ attempt: Int, _ random: Double = 0.5) -> Double {
        backoff.delay(attempt: attempt, random: random) / .seconds(1)
    }

    private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-9 }

    @Test func aMultiplierOfOneKeepsTheInterval() {
        let backoff = Backoff(policy: ReconnectPolicy(interval: .milliseconds(300)))
        for attempt in [1, 2, 1000] { #expect(isNear(seconds(backoff, attempt), 0.3)) }
    }

    @Test func jitterTakesAwayOrAddsItsPart() {
        let backoff = Backoff(policy: ReconnectPolicy(interval: .seconds(10), jitter: 0.2))
        #expect(isNear(seconds(backoff, 1, 0), 8))
        #expect(isNear(seconds(backoff, 1, 0.75), 11))
        #expect(seconds(backoff, 1, 0.999_999) < 12)
    }

    @Test func theWaitGrowsUpToItsMaximum() {
        let backoff = Backoff(policy: ReconnectPolicy(interval: .seconds(1), jitter: 0, multiplier: 2, maximum: .seconds(10)))
        let waits = (1...6).map { seconds(backoff, $0) }
        #expect(zip(waits, [1, 2, 4, 8, 10, 10]).allSatisfy { isNear($0, $1) })
        #expect(isNear(seconds(backoff, .max), 10))
    }

    @Test func oddPoliciesGiveNoNegativeOrEndlessWait() {
        let interval = ReconnectPolicy(interval: .seconds(5), jitter: 7, multiplier: 0, maximum: .zero)
        #expect(isNear(seconds(Backoff(policy: interval), 9, 0), 0))
        #expect(isNear(seconds(Backoff(policy: interval), 9, 0.5), 5))
        #expect(seconds(Backoff(policy: .never), 3) == 0)
        #expect(isNear(seconds(Backoff(policy: ReconnectPolicy(interval: .seconds(1), jitter: 0, multiplier: 2)), -4), 1))
    }

    @Test func aHerdIsSpreadEvenlyOverTheWholeOfItsJitter() {
        var random = SeededGenerator(seed: 42)
        let backoff = Backoff(policy: ReconnectPolicy(interval: .seconds(2), jitter: 0.25))
        var slots = Array(repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let wait = seconds(backoff, 1, Double.random(in: 0..<1, using: &random))
            #expect(wait >= 1.5 && wait < 2.5)
            slots[min(9, Int((wait - 1.5) * 10))] += 1
        }
        // Of ten thousand clients about a thousand come in each tenth of the time.
        #expect(slots.allSatisfy { (850...1150).contains($0) })
    }

    @Test func aWaitIsWithinItsJitterWhateverTheAttempt() {
        var random = SeededGenerator(seed: 43)
        let backoff = Backoff(policy: ReconnectPolicy(interval: .milliseconds(500), jitter: 1, multiplier: 1.7, maximum: .seconds(40)))
        for attempt in [1, 2, 3, 10, 1_000, .max] {
            for _ in 0..<100 {
                let wait = seconds(backoff, attempt, Double.random(in: 0..<1, using: &random))
                #expect(wait >= 0 && wait < 80)
            }
        }
    }

    @Test func numbersThatAreNoneAndEndlessIntervalsGiveAWait() {
        let odd = ReconnectPolicy(interval: .seconds(1), jitter: .nan, multiplier: .nan, maximum: .seconds(60))
        #expect(isNear(seconds(Backoff(policy: odd), 3, .nan), 1))
        let endless = ReconnectPolicy(
            interval: .seconds(Int64.max), jitter: 1, multiplier: .infinity, maximum: .seconds(Int64.max))
        #expect(seconds(Backoff(policy: endless), .max, 1) > 0)
    }
}
