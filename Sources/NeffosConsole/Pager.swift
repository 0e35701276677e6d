/// How far something longer than its place has been scrolled.
struct Pager: Sendable, Hashable {
    private(set) var offset = 0

    /// Scrolls by rows; how far there is to go is settled by ``clamp(count:visible:)``.
    mutating func move(by rows: Int) { offset = max(0, offset &+ rows) }
    mutating func toFirst() { offset = 0 }
    mutating func toLast() { offset = Int.max / 2 }

    /// Keeps the last row at the bottom at most.
    mutating func clamp(count: Int, visible: Int) { offset = min(offset, max(0, count - max(1, visible))) }
}
