/// The order in which people look for names: digits that stand together are one number, so that `user-2` comes before `user-10`.
///
/// Names come from clients and may be of any length: each is read once, and no number is made of its digits. All else is compared byte by byte.
package enum NaturalOrder {
    /// Whether `left` stands before `right`. Names that differ by nothing but zeros before a number are in plain order, `02` before `2`.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        var (one, other) = (Reader(left), Reader(right))
        while let mine = one.byte, let theirs = other.byte {
            if one.digit != nil, other.digit != nil {
                let difference = compareNumbers(&one, &other)
                if difference != 0 { return difference < 0 }
            } else {
                if mine != theirs { return mine < theirs }
                one.advance()
                other.advance()
            }
        }
        // The shorter one is how the other begins.
        if one.byte != nil || other.byte != nil { return one.byte == nil }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Whether `left` stands before `right`, where nil is last; nil where they are the same.
    static func compare(_ left: String?, _ right: String?) -> Bool? {
        guard let left, let right else { return (left == nil) == (right == nil) ? nil : left != nil }
        return precedes(left, right) ? true : precedes(right, left) ? false : nil
    }

    /// Below zero where the number at which `one` stands is the smaller one, zero where they are equal. Both are read.
    private static func compareNumbers(_ one: inout Reader, _ other: inout Reader) -> Int {
        one.skipZeros()
        other.skipZeros()
        var difference = 0
        while let mine = one.digit, let theirs = other.digit {
            if difference == 0 { difference = Int(mine) - Int(theirs) }
            one.advance()
            other.advance()
        }
        // The longer number is the larger one.
        if one.digit != nil { return 1 }
        return other.digit != nil ? -1 : difference
    }

    private struct Reader {
        private var rest: String.UTF8View.Iterator
        /// Where it stands; nil at the end.
        private(set) var byte: UInt8?

        init(_ text: String) {
            rest = text.utf8.makeIterator()
            byte = rest.next()
        }

        var digit: UInt8? {
            guard let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            return byte
        }

        mutating func advance() { byte = rest.next() }

        mutating func skipZeros() { while byte == UInt8(ascii: "0") { advance() } }
    }
}
