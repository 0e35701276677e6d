/// The pairs of colours that curses has numbers for: a bounded table that gives away again what no cell shows.
package struct ColorPairs: Sendable {
    package struct Pair: Hashable, Sendable {
        package var foreground: Int
        package var background: Int

        package init(foreground: Int, background: Int) {
            self.foreground = foreground
            self.background = background
        }
    }

    /// What to do for a pair of colours.
    package enum Answer: Hashable, Sendable {
        /// The number is set up already.
        case known(Int)
        /// The number has to be given these colours first.
        case fresh(Int)
        /// All numbers are on the screen; the terminal's own colours (number 0) have to do.
        case none
    }

    private let capacity: Int
    private var numbers: [Pair: Int] = [:]
    private var free: [Int]

    /// - Parameter capacity: the numbers there are, 1 to `capacity`.
    package init(capacity: Int) {
        self.capacity = max(0, min(255, capacity))
        free = Array((0..<self.capacity).reversed()).map { $0 + 1 }
    }

    /// Finds the number of a pair.
    /// - Parameter shown: the numbers that cells on the screen have; asked for only when there is no free number.
    package mutating func number(of pair: Pair, shown: () -> Set<Int>) -> Answer {
        if let number = numbers[pair] { return .known(number) }
        if free.isEmpty {
            let kept = shown()
            for (pair, number) in numbers where !kept.contains(number) {
                numbers[pair] = nil
                free.append(number)
            }
            free.sort(by: >)
        }
        guard let number = free.popLast() else { return .none }
        numbers[pair] = number
        return .fresh(number)
    }
}
