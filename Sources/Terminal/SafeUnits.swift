/// Goes through text cell by cell, as `SafeText` shows it, without building a string.
struct SafeUnits: Sequence, IteratorProtocol {
    /// More marks on one base than this are escaped; real writing seldom needs more.
    private static let mostMarks = 2

    private var scalars: String.UnicodeScalarView.Iterator
    private var ahead: Unicode.Scalar?
    private let ascii: Bool
    /// The scalar whose escape is being given out, and how far.
    private var escaping: UInt32 = 0
    private var escapeLeft = 0

    init(_ text: String, ascii: Bool = false) {
        scalars = text.unicodeScalars.makeIterator()
        ahead = scalars.next()
        self.ascii = ascii
    }

    mutating func next() -> CellText? {
        if escapeLeft > 0 { return nextOfEscape() }
        guard let scalar = ahead else { return nil }
        ahead = scalars.next()
        switch SafeText.kind(of: scalar, ascii: ascii) {
        case .base(let width):
            var unit = CellText(scalar, width: width)
            if scalar != " ", scalar != "\u{3000}" { takeMarks(into: &unit) }
            return unit
        case .picture(let picture):
            return CellText(picture, width: 1)
        case .mark, .escape:
            // A mark gets here when it has no base to stand on, or too much company.
            escaping = scalar.value
            escapeLeft = 4 + Self.digits(of: scalar.value)
            return nextOfEscape()
        }
    }

    private mutating func takeMarks(into unit: inout CellText) {
        var marks = 0
        while marks < Self.mostMarks, let scalar = ahead, scalar.value >= 0x300, SafeText.kind(of: scalar, ascii: ascii) == .mark {
            unit.append(scalar)
            marks += 1
            ahead = scalars.next()
        }
    }

    /// `\u{`, the digits, `}`.
    private mutating func nextOfEscape() -> CellText {
        let digits = Self.digits(of: escaping)
        let index = 4 + digits - escapeLeft
        escapeLeft -= 1
        switch index {
        case 0: return CellText(ascii: 0x5C)
        case 1: return CellText(ascii: 0x75)
        case 2: return CellText(ascii: 0x7B)
        case 3 + digits: return CellText(ascii: 0x7D)
        default:
            let digit = UInt8(escaping >> UInt32(4 * (digits + 2 - index)) & 0xF)
            return CellText(ascii: digit < 10 ? 0x30 + digit : 0x37 + digit)
        }
    }

    private static func digits(of value: UInt32) -> Int {
        Swift.max(1, (35 - value.leadingZeroBitCount) / 4)
    }
}
