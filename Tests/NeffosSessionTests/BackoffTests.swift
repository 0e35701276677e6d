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
}
