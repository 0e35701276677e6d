/// Where the columns of a table stand.
enum TableColumns {
    struct Place: Equatable {
        /// The column's number.
        var index: Int
        /// Cells from the left edge.
        var start: Int
        var width: Int
    }

    /// Places columns side by side, each with its least width and a part of the room that is left, up to its greatest width. Columns
    /// without one do not grow unless they say so. Where there is too little room whole columns go, by priority.
    static func settled(_ columns: [Table.Column], room: Int, gap: Int) -> [Place] {
        var kept = Array(columns.indices)
        let least = columns.map { max(1, $0.minimum) }
        while kept.count > 1, total(kept, least, gap: gap) > room { removeLowest(of: columns, from: &kept) }
        var widths = least
        var left = room - total(kept, least, gap: gap)
        while left > 0 {
            let growing = kept.filter { widths[$0] < columns[$0].maximum ?? (columns[$0].grows ? .max : 0) }
            if growing.isEmpty { break }
            // A cell each in turn, so that they grow together.
            for index in growing.prefix(left) {
                widths[index] += 1
                left -= 1
            }
        }
        return places(kept, widths: widths, room: room, gap: gap)
    }

    /// Places columns side by side with `gap` cells between them. Where room is short, first what exceeds the least widths is taken
    /// away, then whole columns, by priority.
    static func places(_ columns: [Table.Column], widths natural: [Int], room: Int, gap: Int = 1) -> [Place] {
        var kept = Array(columns.indices)
        let least = columns.indices.map { index in
            min(natural[index], max(1, columns[index].minimum > 0 ? columns[index].minimum : TextWidth.of(columns[index].title)))
        }
        while kept.count > 1, total(kept, least, gap: gap) > room { removeLowest(of: columns, from: &kept) }
        var widths = natural
        var excess = total(kept, widths, gap: gap) - room
        // The widest gives first: what is lost is then the end of the longest texts.
        while excess > 0, let widest = kept.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] }) {
            let next = kept.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            let taken = min(excess, max(1, widths[widest] - max(next, least[widest])), widths[widest] - least[widest])
            widths[widest] -= taken
            excess -= taken
        }
        let growing = kept.filter { columns[$0].grows }
        for (order, share) in Layout.sizes(growing.map { _ in .fill(1) }, total: max(0, -excess)).enumerated() {
            widths[growing[order]] = min(columns[growing[order]].maximum ?? .max, widths[growing[order]] + share)
        }
        return places(kept, widths: widths, room: room, gap: gap)
    }

    private static func places(_ kept: [Int], widths: [Int], room: Int, gap: Int) -> [Place] {
        var start = 0
        return kept.compactMap { index in
            let width = min(widths[index], room - start)
            guard width > 0 else { return nil }
            defer { start += width + gap }
            return Place(index: index, start: start, width: width)
        }
    }

    private static func removeLowest(of columns: [Table.Column], from kept: inout [Int]) {
        let lowest = kept.map { columns[$0].priority }.min() ?? 0
        if let gone = kept.lastIndex(where: { columns[$0].priority == lowest }) { kept.remove(at: gone) }
    }

    private static func total(_ kept: [Int], _ widths: [Int], gap: Int) -> Int {
        kept.reduce(0) { $0 + widths[$1] } + gap * max(0, kept.count - 1)
    }
}
