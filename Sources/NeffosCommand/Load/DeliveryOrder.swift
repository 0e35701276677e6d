/// What of a numbered series one receiver has got: what is lost, what came twice, what came late. Pure.
///
/// Numbers begin with 0. In memory is only what is missing, so a long series that comes whole costs nothing.
struct DeliveryOrder: Sendable, Equatable {
    /// Without those that came again.
    private(set) var received = 0
    private(set) var duplicates = 0
    /// Came after a higher number.
    private(set) var outOfOrder = 0
    /// Passed while the receiver was away, as far as it can be known: up to the first that came after.
    private(set) var missedWhileAway = 0

    /// One above the highest number that came.
    private var next = 0
    /// What is missing below that, in order.
    private var gaps: [Range<Int>] = []
    /// Missing in gaps that are remembered no longer.
    private var forgotten = 0
    private var isAway = false

    /// Gaps that are remembered. A receiver with more of them has lost so much that one that comes late after all is told as a double.
    static let mostGaps = 1024

    mutating func take(_ number: Int) {
        if number >= next {
            if isAway { missedWhileAway += number - next } else if number > next { addGap(next..<number) }
            isAway = false
            received += 1
            next = number + 1
        } else if let index = gaps.lastIndex(where: { $0.contains(number) }) {
            received += 1
            outOfOrder += 1
            close(number, in: index)
        } else {
            duplicates += 1
        }
    }

    /// The receiver was cut off: what passes until it hears again is not lost.
    mutating func leave() { isAway = true }

    /// - Parameter published: how many numbers there are.
    func lost(of published: Int) -> Int {
        gaps.reduce(forgotten) { $0 + $1.count } + (isAway ? 0 : max(0, published - next))
    }

    private mutating func addGap(_ gap: Range<Int>) {
        gaps.append(gap)
        guard gaps.count > Self.mostGaps else { return }
        forgotten += gaps.removeFirst().count
    }

    private mutating func close(_ number: Int, in index: Int) {
        let gap = gaps[index]
        let rest = [gap.lowerBound..<number, number + 1..<gap.upperBound].filter { !$0.isEmpty }
        gaps.replaceSubrange(index...index, with: rest)
    }
}
