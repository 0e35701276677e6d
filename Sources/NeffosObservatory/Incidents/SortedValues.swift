/// Values kept in order, for exact percentiles. Those that come nearly in order, as times of return do, cost little.
struct SortedValues: Sendable {
    private(set) var values: [Int]

    init(_ values: [Int] = []) { self.values = values.sorted() }

    private func lowerBound(_ value: Int) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ value: Int) { values.insert(value, at: lowerBound(value)) }

    mutating func remove(_ value: Int) {
        let index = lowerBound(value)
        if index < values.count, values[index] == value { values.remove(at: index) }
    }

    /// By nearest rank; nil where there is no value.
    func percentile(_ percent: Int) -> Int? {
        if values.isEmpty { return nil }
        return values[max(1, (values.count * percent + 99) / 100) - 1]
    }
}
