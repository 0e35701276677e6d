import Terminal
import Testing

@Suite struct LayoutTests {
    @Test func `Lengths are shared without overflow`() {
        #expect(Layout.sizes([.fixed(3), .fill, .fixed(2)], total: 20) == [3, 15, 2])
        #expect(Layout.sizes([.fill(1), .fill(2)], total: 10) == [3, 7])
        #expect(Layout.sizes([.fixed(8), .fixed(8)], total: 10) == [8, 2])
        #expect(Layout.sizes([.atLeast(4), .fill], total: 10) == [7, 3])
        #expect(Layout.sizes([.fraction(0.25), .fill], total: 40) == [10, 30])
        #expect(Layout.sizes([.fraction(.nan), .fixed(-3), .fill(-1)], total: -5) == [0, 0, 0])
    }

    @Test func `The parts of a rectangle lie side by side`() {
        let rect = Rect(row: 2, column: 3, rows: 10, columns: 21)
        let columns = rect.splitColumns([.fill, .fill], gap: 1)
        #expect(columns == [Rect(row: 2, column: 3, rows: 10, columns: 10), Rect(row: 2, column: 14, rows: 10, columns: 10)])
        let rows = rect.splitRows([.fixed(1), .fill])
        #expect(rows == [Rect(row: 2, column: 3, rows: 1, columns: 21), Rect(row: 3, column: 3, rows: 9, columns: 21)])
        #expect(rect.inset(by: 20).isEmpty)
    }

    @Test func `A list scrolls as little as it must`() {
        #expect(Scroll.offset(0, selected: 9, count: 100, height: 10) == 0)
        #expect(Scroll.offset(0, selected: 10, count: 100, height: 10) == 1)
        #expect(Scroll.offset(50, selected: 20, count: 100, height: 10) == 20)
        #expect(Scroll.offset(95, selected: 99, count: 100, height: 10) == 90)
        #expect(Scroll.offset(5, selected: nil, count: 3, height: 10) == 0)
        #expect(Scroll.offset(5, selected: 500, count: 0, height: 10) == 0)
    }
}
