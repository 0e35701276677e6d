/// Finds the name that somebody who mistyped most likely meant.
package enum NearestName {
    /// The name with the fewest edits (insert, delete, replace, swap of neighbours; letter case counts nothing), if that is few enough to be
    /// a mistake in typing: a third of its length, at least two.
    package static func of(_ text: String, among names: [String]) -> String? {
        let wanted = Array(text.lowercased().unicodeScalars.prefix(80))
        var best: (name: String, edits: Int)?
        for name in names {
            let candidate = Array(name.lowercased().unicodeScalars)
            let allowed = max(2, candidate.count / 3)
            guard abs(candidate.count - wanted.count) <= allowed else { continue }
            let edits = distance(wanted, candidate)
            if edits <= allowed, edits < candidate.count, edits < best?.edits ?? .max { best = (name, edits) }
        }
        return best?.name
    }

    /// `did you mean "…"?`, or the list of what there is.
    package static func advice(for text: String, among names: [String]) -> String {
        if let name = of(text, among: names) { return "did you mean \"\(name)\"?" }
        return "there is \(names.joined(separator: ", "))"
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + Array(repeating: 0, count: right.count)
            for column in 1...right.count {
                let replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var edits = min(replaced, last[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    edits = min(edits, beforeLast[column - 2] + 1)
                }
                current[column] = edits
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
