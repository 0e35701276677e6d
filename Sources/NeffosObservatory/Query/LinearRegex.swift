/// A regular expression that takes time in proportion to the text, whatever both are: peers choose the texts, and an expression that backtracks
/// can be made to take for ever.
///
/// `.` `[a-z]` `[^a-z]` `\d` `\w` `\s` `^` `$` `*` `+` `?` `{2,5}` `|` `(…)`, and a backslash before a sign. No references and no looking
/// around. It matches any part of a text; ASCII letters of either case are the same.
struct LinearRegex: Sendable, Hashable {
    /// What is wrong with an expression, and where in it.
    struct Problem: Error, Equatable {
        var position: Int
        var text: String
        var advice: String
    }

    /// One step. Bytes are looked up in ``classes``.
    enum Step: Sendable, Hashable {
        case byte(Int)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case match
    }

    /// A set of bytes.
    struct ByteClass: Sendable, Hashable {
        private var words: SIMD4<UInt64> = .zero

        init() {}
        init(_ ranges: ClosedRange<UInt8>...) { for range in ranges { insert(range) } }

        func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }
        mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
        mutating func insert(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }
        mutating func formUnion(_ other: ByteClass) { words |= other.words }

        /// With the letters of the other case.
        var folded: ByteClass {
            var result = self
            for lower in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(lower) || contains(lower - 32) {
                result.insert(lower)
                result.insert(lower - 32)
            }
            return result
        }

        /// The other ASCII bytes.
        var invertedASCII: ByteClass {
            var result = ByteClass()
            for byte in UInt8(0)...127 where !contains(byte) { result.insert(byte) }
            return result
        }
    }

    /// Steps of an expression, at most; what is repeated counts each time.
    static let mostSteps = 2000

    private(set) var steps: [Step] = []
    private(set) var classes: [ByteClass] = []

    init(_ source: [Character]) throws(Problem) {
        var parser = LinearRegexParser(source)
        let tree = try parser.expression()
        try append(tree)
        steps.append(.match)
    }

    // MARK: Steps

    private mutating func append(_ tree: LinearRegexParser.Tree) throws(Problem) {
        guard steps.count < Self.mostSteps else {
            throw Problem(position: 0, text: "the pattern is too big", advice: "repeat less")
        }
        switch tree {
        case .empty: break
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .bytes(let set):
            steps.append(.byte(classes.count))
            classes.append(set)
        case .sequence(let parts): for part in parts { try append(part) }
        case .choice(let parts):
            var ends: [Int] = []
            for part in parts.dropLast() {
                let split = steps.count
                steps.append(.split(split + 1, 0))
                try append(part)
                ends.append(steps.count)
                steps.append(.jump(0))
                steps[split] = .split(split + 1, steps.count)
            }
            if let last = parts.last { try append(last) }
            for end in ends { steps[end] = .jump(steps.count) }
        case .repeated(let part, let least, let most):
            for _ in 0..<least { try append(part) }
            if let most {
                for _ in least..<most { try optional(part) }
            } else {
                let split = steps.count
                steps.append(.split(0, 0))
                try append(part)
                steps.append(.jump(split))
                steps[split] = .split(split + 1, steps.count)
            }
        }
    }

    private mutating func optional(_ part: LinearRegexParser.Tree) throws(Problem) {
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try append(part)
        steps[split] = .split(split + 1, steps.count)
    }
}
