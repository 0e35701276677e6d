/// Reads a regular expression.
struct LinearRegexParser {
    typealias Problem = LinearRegex.Problem
    typealias ByteClass = LinearRegex.ByteClass

    indirect enum Tree {
        case empty
        case start
        case end
        case bytes(ByteClass)
        case sequence([Tree])
        case choice([Tree])
        case repeated(Tree, least: Int, most: Int?)
    }

    private static let mostRepeats = 200
    private static let deepest = 32
    private static let digit = ByteClass(48...57)
    private static let word = ByteClass(48...57, 65...90, 95...95, 97...122)
    private static let space = ByteClass(9...13, 32...32)

    private let source: [Character]
    private var position = 0

    init(_ source: [Character]) { self.source = source }

    mutating func expression() throws(Problem) -> Tree {
        let tree = try choice(depth: 0)
        if position < source.count { throw problem("\")\" closes nothing", "write \\)") }
        return tree
    }

    private mutating func choice(depth: Int) throws(Problem) -> Tree {
        guard depth <= Self.deepest else { throw problem("too many groups in each other", "write at most \(Self.deepest)") }
        var parts = [try sequence(depth: depth)]
        while peek() == "|" {
            position += 1
            parts.append(try sequence(depth: depth))
        }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence(depth: Int) throws(Problem) -> Tree {
        var parts: [Tree] = []
        while let next = peek(), next != "|", next != ")" {
            let atom = try atom(depth: depth)
            parts.append(try repetition(of: atom))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom(depth: Int) throws(Problem) -> Tree {
        let start = position
        let next = source[position]
        position += 1
        switch next {
        case "^": return .start
        case "$": return .end
        case ".": return Self.anyScalar(ByteClass(0...127))
        case "[": return try set(from: start)
        case "(":
            if peek() == "?" {
                guard position + 1 < source.count, source[position + 1] == ":" else {
                    throw problem("this kind of group is not known", "write ( or (?:", at: start)
                }
                position += 2
            }
            let inner = try choice(depth: depth + 1)
            guard peek() == ")" else { throw problem("\"(\" is not closed", "write \")\", or \\(", at: start) }
            position += 1
            return inner
        case "*", "+", "?", "{": throw problem("\"\(next)\" repeats nothing", "write \\\(next) for the sign", at: start)
        case "\\":
            guard let sign = peek() else { throw problem("a backslash stands at the end", "write \\\\", at: start) }
            position += 1
            if let known = Self.escape(sign) {
                return sign.isUppercase ? Self.anyScalar(known.invertedASCII) : .bytes(known)
            }
            if sign.isASCII, sign.isLetter || sign.isNumber { throw problem("\\\(sign) is not known", "write \\d, \\w or \\s", at: start) }
            return Self.literal(sign)
        default: return Self.literal(next)
        }
    }

    private mutating func repetition(of atom: Tree) throws(Problem) -> Tree {
        var tree = atom
        while let sign = peek() {
            let start = position
            switch sign {
            case "*": tree = .repeated(tree, least: 0, most: nil)
            case "+": tree = .repeated(tree, least: 1, most: nil)
            case "?": tree = .repeated(tree, least: 0, most: 1)
            case "{":
                guard let close = source[position...].firstIndex(of: "}") else {
                    throw problem("\"{\" is not closed", "write {2} or {2,5}, or \\{", at: start)
                }
                let bounds = source[(position + 1)..<close].split(separator: ",", omittingEmptySubsequences: false).map { Int(String($0)) }
                let least = bounds[0] ?? -1
                let most = bounds.count == 1 ? least : source[close - 1] == "," ? nil : bounds[1] ?? -1
                guard bounds.count <= 2, (0...Self.mostRepeats).contains(least), (least...Self.mostRepeats).contains(most ?? least) else {
                    throw problem("this is no count", "write {2} or {2,5}, with at most \(Self.mostRepeats)", at: start)
                }
                tree = .repeated(tree, least: least, most: most)
                position = close
            default: return tree
            }
            position += 1
        }
        return tree
    }

    private mutating func set(from start: Int) throws(Problem) -> Tree {
        var isInverted = false
        if peek() == "^" {
            isInverted = true
            position += 1
        }
        var bytes = ByteClass()
        var others: [Tree] = []
        var isFirst = true
        while let next = peek(), next != "]" || isFirst {
            isFirst = false
            let place = position
            position += 1
            var low = next
            if next == "\\", let sign = peek() {
                position += 1
                if let known = Self.escape(sign), !sign.isUppercase {
                    bytes.formUnion(known)
                    continue
                }
                low = sign
            }
            guard let first = low.asciiValue else {
                if isInverted || peek() == "-" { throw problem("only ASCII can stand here", "leave it out", at: place) }
                others.append(Self.literal(low))
                continue
            }
            guard peek() == "-", position + 1 < source.count, source[position + 1] != "]" else {
                bytes.insert(first)
                continue
            }
            guard let last = source[position + 1].asciiValue, first <= last else {
                throw problem("this is no range", "write it like a-z", at: place)
            }
            bytes.insert(first...last)
            position += 2
        }
        guard peek() == "]" else { throw problem("\"[\" is not closed", "write \"]\", or \\[", at: start) }
        position += 1
        let folded = bytes.folded
        if isInverted { return Self.anyScalar(folded.invertedASCII) }
        return others.isEmpty ? .bytes(folded) : .choice([.bytes(folded)] + others)
    }

    // MARK: Bytes

    private static func escape(_ sign: Character) -> ByteClass? {
        switch sign {
        case "d", "D": digit
        case "w", "W": word
        case "s", "S": space
        default: nil
        }
    }

    private static func literal(_ character: Character) -> Tree {
        let bytes = Array(String(character).utf8)
        let parts = bytes.map { Tree.bytes(ByteClass($0...$0).folded) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// One scalar: of these ASCII bytes, or any other.
    private static func anyScalar(_ ascii: ByteClass) -> Tree {
        let more = Tree.bytes(ByteClass(0x80...0xBF))
        return .choice([
            .bytes(ascii), .sequence([.bytes(ByteClass(0xC2...0xDF)), more]), .sequence([.bytes(ByteClass(0xE0...0xEF)), more, more]),
            .sequence([.bytes(ByteClass(0xF0...0xF4)), more, more, more]),
        ])
    }

    private func peek() -> Character? { position < source.count ? source[position] : nil }

    private func problem(_ text: String, _ advice: String, at place: Int? = nil) -> Problem {
        Problem(position: place ?? position, text: text, advice: advice)
    }
}
