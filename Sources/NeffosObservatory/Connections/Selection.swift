/// The first few of many without sorting all of them.
enum Selection {
    /// Up to so many are kept in a heap, which turns most of the others away by one comparison each.
    private static let few = 256

    /// The first `limit` elements in order; all of them, sorted, where `limit` is nil.
    static func first<Element>(
        _ limit: Int?, of elements: [Element], by precedes: (Element, Element) -> Bool
    ) -> [Element] {
        guard let limit, limit < elements.count else { return elements.sorted(by: precedes) }
        guard limit > 0 else { return [] }
        if limit <= few { return heap(limit, of: elements, by: precedes) }
        return partition(limit, of: elements, by: precedes).sorted(by: precedes)
    }

    /// The root of the heap is the last of those kept.
    private static func heap<Element>(
        _ limit: Int, of elements: [Element], by precedes: (Element, Element) -> Bool
    ) -> [Element] {
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

    /// The first `limit` in any order, by dividing at a pivot again and again only where the limit lies.
    private static func partition<Element>(
        _ limit: Int, of elements: [Element], by precedes: (Element, Element) -> Bool
    ) -> [Element] {
        var elements = elements
        var (low, high) = (0, elements.count - 1)
        // Where the pivots are bad again and again, sorting all has a bound that this has not.
        var rounds = 4 * (Int.bitWidth - elements.count.leadingZeroBitCount)
        while low < high {
            rounds -= 1
            if rounds == 0 { return Array(elements.sorted(by: precedes)[..<limit]) }
            let middle = (low + high) / 2
            if precedes(elements[middle], elements[low]) { elements.swapAt(middle, low) }
            if precedes(elements[high], elements[low]) { elements.swapAt(high, low) }
            if precedes(elements[high], elements[middle]) { elements.swapAt(high, middle) }
            let pivot = elements[middle]
            var (left, right) = (low, high)
            while left <= right {
                while precedes(elements[left], pivot) { left += 1 }
                while precedes(pivot, elements[right]) { right -= 1 }
                if left <= right {
                    elements.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if limit - 1 <= right { high = right } else if limit - 1 >= left { low = left } else { break }
        }
        return Array(elements[..<limit])
    }
}
