/// How a length is shared among the parts of a screen.
public enum Layout {
    /// What one part asks for, in cells.
    public enum Length: Hashable, Sendable {
        /// Just so many cells.
        case fixed(Int)
        /// So many cells, and a share of weight 1 of what is left.
        case atLeast(Int)
        /// A part of the whole, 0 to 1.
        case fraction(Double)
        /// A share of what is left, by weight.
        case fill(Int)

        /// A share of weight 1 of what is left.
        public static var fill: Length { .fill(1) }
    }

    /// Shares `total` cells; the results never sum to more than `total`. Where there is too little, later parts get less.
    public static func sizes(_ lengths: [Length], total: Int) -> [Int] {
        var left = max(0, total)
        var sizes = lengths.map { length -> Int in
            let wanted: Int
            switch length {
            case .fixed(let count), .atLeast(let count): wanted = count
            case .fraction(let part): wanted = part.isFinite ? Int((Double(max(0, total)) * min(1, max(0, part))) + 0.5) : 0
            case .fill: wanted = 0
            }
            let given = min(left, max(0, wanted))
            left -= given
            return given
        }
        let weights = lengths.map { length -> Int in
            switch length {
            case .fixed, .fraction: 0
            case .atLeast: 1
            case .fill(let weight): min(1_000_000, max(0, weight))
            }
        }
        var weightLeft = weights.reduce(0, +)
        for (index, weight) in weights.enumerated() where weight > 0 {
            let share = left * weight / weightLeft
            sizes[index] += share
            left -= share
            weightLeft -= weight
        }
        return sizes
    }
}
