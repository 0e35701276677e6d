/// How long a client waits before each attempt to come back: a fixed or exponentially growing interval with jitter.
package struct Backoff: Sendable, Hashable {
    package let policy: ReconnectPolicy

    package init(policy: ReconnectPolicy) { self.policy = policy }

    /// The wait before an attempt.
    ///
    /// - Parameters:
    ///   - attempt: 1 for the first wait of an outage.
    ///   - random: chance, evenly spread over 0 ..< 1.
    /// - Returns: `interval × multiplier^(attempt − 1)`, at most `maximum` (or the interval, where that is more), with up to `jitter` of it
    ///   taken away or added.
    package func delay(attempt: Int, random: Double) -> Duration {
        let interval = seconds(policy.interval)
        guard interval > 0 else { return .zero }
        let growth = pow(max(1, policy.multiplier), times: max(0, attempt - 1), bound: seconds(policy.maximum) / interval)
        let jitter = min(max(0, policy.jitter), 1) * (2 * min(max(0, random), 1) - 1)
        return .seconds(interval * growth * (1 + jitter))
    }

    /// `base` to the power of `times`, at most `bound` but at least 1. Stops at the bound, so that no exponent is too large.
    private func pow(_ base: Double, times: Int, bound: Double) -> Double {
        guard base > 1 else { return 1 }
        var power = 1.0
        var left = times
        while left > 0, power < bound {
            power *= base
            left -= 1
        }
        return max(1, min(power, bound))
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
