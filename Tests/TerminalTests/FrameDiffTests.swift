import Terminal
import Testing

@Suite struct FrameDiffTests {
    private func scribble(_ frame: inout Frame, _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let position = Position(row: Int.random(in: 0..<6, using: &generator), column: Int.random(in: 0..<30, using: &generator))
            let style = Style(foreground: .ansi(UInt8.random(in: 0...3, using: &generator)))
            frame.put(generator.text(Int.random(in: 0...15, using: &generator)), at: position, style: style)
        }
    }

    @Test func `Changes applied to the old frame give the new one`() {
        var generator = SeededGenerator(seed: 1)
        var old = Frame(size: Size(columns: 30, rows: 6))
        for _ in 0..<2000 {
            var new = Bool.random(using: &generator) ? old : Frame(size: old.size)
            scribble(&new, &generator)
            let runs = FrameDiff.changes(from: old, to: new)
            var applied = old
            applied.apply(runs)
            #expect(applied == new)
            for run in runs {
                #expect(run.cells.first?.width != 0)
                #expect(run.cells.last?.width != 2)
            }
            old = new
        }
    }

    @Test func `Nothing changed is nothing to write`() {
        var frame = Frame(size: Size(columns: 20, rows: 3))
        frame.put("hello", at: Position(row: 1, column: 2))
        #expect(FrameDiff.changes(from: frame, to: frame).isEmpty)
    }

    @Test func `One changed cell is one cell to write`() {
        let old = Frame(size: Size(columns: 20, rows: 3))
        var new = old
        new.put("x", at: Position(row: 2, column: 7))
        #expect(FrameDiff.changes(from: old, to: new) == [FrameDiff.Run(row: 2, column: 7, cells: [Cell("x")])])
    }

    @Test func `Without an old frame of the same size all cells are written`() {
        let frame = Frame(size: Size(columns: 4, rows: 2))
        for old in [nil, Frame(size: Size(columns: 2, rows: 4))] {
            let runs = FrameDiff.changes(from: old, to: frame)
            #expect(runs.map(\.row) == [0, 1])
            #expect(runs.allSatisfy { $0.column == 0 && $0.cells.count == 4 })
        }
    }
}
