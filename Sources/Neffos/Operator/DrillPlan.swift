/// Whom a drill drops. Pure, but for the random numbers that are passed in.
enum DrillPlan {
    /// How many of `total` are dropped: the nearest number to the share, at least one.
    static func count(_ percent: Double, of total: Int) -> Int {
        total == 0 ? 0 : min(total, max(1, Int((Double(total) * percent / 100).rounded())))
    }

    /// Any `percent` of the candidates, in no order.
    static func pick<Candidate>(
        _ percent: Double, of candidates: [Candidate], using generator: inout some RandomNumberGenerator
    ) -> [Candidate] {
        var candidates = candidates
        let count = count(percent, of: candidates.count)
        if count == candidates.count { return candidates }
        for index in 0..<count { candidates.swapAt(index, Int.random(in: index..<candidates.count, using: &generator)) }
        return Array(candidates.prefix(count))
    }

    /// `50 %`, `33.3 %`.
    static func text(_ percent: Double) -> String {
        let tenths = Int((percent * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
