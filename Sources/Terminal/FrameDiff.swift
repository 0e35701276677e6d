/// What has to be written so that one frame becomes another.
public enum FrameDiff {
    /// Neighbouring cells of one row. It never begins with the right half of a wide character nor ends with the left one.
    public struct Run: Hashable, Sendable {
        public var row: Int
        public var column: Int
        public var cells: [Cell]

        public init(row: Int, column: Int, cells: [Cell]) {
            self.row = row
            self.column = column
            self.cells = cells
        }
    }

    /// The changed cells, from top left to bottom right; all of them where there is no old frame or one of another size.
    public static func changes(from old: Frame?, to new: Frame) -> [Run] {
        let columns = new.size.columns
        guard let old, old.size == new.size else {
            return columns == 0 ? [] : (0..<new.size.rows).map { Run(row: $0, column: 0, cells: Array(new.cells(row: $0))) }
        }
        var runs: [Run] = []
        old.cells.withUnsafeBufferPointer { before in
            new.cells.withUnsafeBufferPointer { after in
                var index = 0
                while index < after.count {
                    if before[index] == after[index] {
                        index += 1
                        continue
                    }
                    let row = index / columns
                    let rowEnd = (row + 1) * columns
                    var start = index
                    while index < rowEnd, before[index] != after[index] { index += 1 }
                    // Wide characters go whole; one half may be equal by chance of style.
                    if after[start].width == 0, start > row * columns { start -= 1 }
                    while index < rowEnd, after[index].width == 0 { index += 1 }
                    runs.append(Run(row: row, column: start - row * columns, cells: Array(after[start..<index])))
                }
            }
        }
        return runs
    }
}
