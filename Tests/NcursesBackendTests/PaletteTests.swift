import NcursesBackend
import Terminal
import Testing

@Suite struct PaletteTests {
    @Test(
        arguments: [
            (.standard, .indexed256, -1), (.red, .mono, -1), (.ansi(9), .eight, 1), (.ansi(9), .sixteen, 9),
            (.indexed(200), .indexed256, 200),
            (.rgb(255, 0, 0), .indexed256, 196), (.rgb(255, 0, 0), .sixteen, 9), (.rgb(250, 10, 10), .eight, 1),
            (.rgb(8, 8, 8), .indexed256, 232),
            (.rgb(128, 128, 128), .indexed256, 244), (.indexed(21), .eight, 4), (.indexed(12), .eight, 4), (.ansi(200), .indexed256, 8),
            (.rgb(0, 0, 0), .truecolor, 16),
        ] as [(Color, ColorDepth, Int)])
    func `A colour becomes the nearest of what there is`(color: Color, depth: ColorDepth, number: Int) {
        #expect(Palette.number(of: color, depth: depth) == number)
    }
}

@Suite struct ColorPairsTests {
    private func pair(_ foreground: Int) -> ColorPairs.Pair { .init(foreground: foreground, background: 0) }

    @Test func `A pair keeps its number`() {
        var pairs = ColorPairs(capacity: 4)
        #expect(pairs.number(of: pair(1)) { [] } == .fresh(1))
        #expect(pairs.number(of: pair(2)) { [] } == .fresh(2))
        #expect(pairs.number(of: pair(1)) { [] } == .known(1))
    }

    @Test func `Numbers that no cell shows are given away again, others never`() {
        var pairs = ColorPairs(capacity: 2)
        _ = pairs.number(of: pair(1)) { [] }
        _ = pairs.number(of: pair(2)) { [] }
        #expect(pairs.number(of: pair(3)) { [0, 2] } == .fresh(1))
        #expect(pairs.number(of: pair(4)) { [1, 2] } == .none)
        #expect(pairs.number(of: pair(2)) { [1, 2] } == .known(2))
        #expect(pairs.number(of: pair(3)) { [1, 2] } == .known(1))
    }

    @Test func `A terminal without pairs gives none`() {
        var pairs = ColorPairs(capacity: -1)
        #expect(pairs.number(of: pair(1)) { [] } == .none)
    }
}
