package import Terminal

/// Colours as a terminal with fewer of them can show them.
package enum Palette {
    /// The number of the nearest colour that a terminal of that depth has; -1 for its own.
    ///
    /// Depths beyond 256 colours count as 256: no sequence for more is to be had from terminfo.
    package static func number(of color: Color, depth: ColorDepth) -> Int {
        switch (color, depth) {
        case (.standard, _), (_, .mono): -1
        case (.ansi(let number), .eight): Int(number % 8)
        case (.ansi(let number), _): Int(number % 16)
        case (.indexed(let number), .indexed256), (.indexed(let number), .truecolor): Int(number)
        case (.indexed(let number), .sixteen) where number < 16: Int(number)
        case (.indexed(let number), .eight) where number < 16: Int(number % 8)
        case (.indexed(let number), _): nearest(to: components(Int(number)), among: depth == .eight ? 0..<8 : 0..<16)
        case (.rgb(let red, let green, let blue), .indexed256), (.rgb(let red, let green, let blue), .truecolor):
            // The first sixteen are what the operator made of them, and so not to be measured.
            nearest(to: RGB(Int(red), Int(green), Int(blue)), among: 16..<256)
        case (.rgb(let red, let green, let blue), _):
            nearest(to: RGB(Int(red), Int(green), Int(blue)), among: depth == .eight ? 0..<8 : 0..<16)
        }
    }

    private struct RGB {
        var red, green, blue: Int

        init(_ red: Int, _ green: Int, _ blue: Int) {
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    private static func nearest(to color: RGB, among numbers: Range<Int>) -> Int {
        numbers.min { distance(components($0), color) < distance(components($1), color) } ?? -1
    }

    private static func distance(_ left: RGB, _ right: RGB) -> Int {
        let red = left.red - right.red
        let green = left.green - right.green
        let blue = left.blue - right.blue
        // The eye sees green best, blue least.
        return 3 * red * red + 4 * green * green + 2 * blue * blue
    }

    /// xterm's palette.
    private static func components(_ number: Int) -> RGB {
        if number < 16 { return named[number] }
        if number < 232 {
            let index = number - 16
            return RGB(steps[index / 36], steps[index / 6 % 6], steps[index % 6])
        }
        let gray = 8 + 10 * (number - 232)
        return RGB(gray, gray, gray)
    }

    private static let steps = [0, 95, 135, 175, 215, 255]
    private static let named = [
        RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238), RGB(205, 0, 205), RGB(0, 205, 205),
        RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0), RGB(255, 255, 0), RGB(92, 92, 255),
        RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
    ]
}
