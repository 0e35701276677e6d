/// The first few of many without sorting all of them.
enum Selection {
    /// The first `limit` elements in order; all of them, sorted, where `limit` is nil.
    static func first<Element>(
        _ limit: Int?, of elements: [Element], by precedes: (Element, Element) -> Bool
    ) -> [Element] {
        guard let limit, limit < elements.count else { return elements.sorted(by: precedes) }
        guard limit > 0 else { return [] }
        // A heap whose root is the last of those kept: most elements are turned away by one comparison.
        var heap = Array(elements[..<limit])
        func sink(_ start: Int) {
            var parent = start
            while true {
                var last = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(heap[last], heap[child]) { last = child }
                if last == parent { return }
                heap.swapAt(parent, last)
                parent = last
            }
        }
        for start in stride(from: limit / 2, through: 0, by: -1) { sink(start) }
        for element in elements[limit...] where precedes(element, heap[0]) {
            heap[0] = element
            sink(0)
        }
        return heap.sorted(by: precedes)
    }
}
