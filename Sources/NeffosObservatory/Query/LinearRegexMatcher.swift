/// Follows an expression through many texts, and remembers which set of steps follows which, so that a byte mostly costs one look into a table.
struct LinearRegexMatcher {
    /// Remembered sets, at most; then it begins anew. Each has a table of 1 KiB.
    private static let mostSets = 256
    private static let unknown = Int32(-1)

    private let regex: LinearRegex
    private var sets: [[Int]] = []
    private var numbers: [[Int]: Int] = [:]
    /// Whether the match is there, or is there if the text ends here.
    private var accepts: [(now: Bool, atEnd: Bool)] = []
    /// 256 entries for each set.
    private var following: [Int32] = []
    /// The set at the beginning of a text.
    private var first = 0

    init(_ regex: LinearRegex) {
        self.regex = regex
        first = number(of: closure([0], atStart: true))
    }

    mutating func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }

    mutating func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var current = first
        for byte in bytes {
            if accepts[current].now { return true }
            var next = following[current << 8 | Int(byte)]
            if next == Self.unknown {
                next = Int32(step(from: current, by: byte))
            }
            current = Int(next)
        }
        return accepts[current].now || accepts[current].atEnd
    }

    private mutating func step(from number: Int, by byte: UInt8) -> Int {
        var reached = [0]
        for index in sets[number] {
            if case .byte(let set) = regex.steps[index], regex.classes[set].contains(byte) { reached.append(index + 1) }
        }
        let set = closure(reached, atStart: false)
        if sets.count >= Self.mostSets, numbers[set] == nil {
            sets = []
            numbers = [:]
            accepts = []
            following = []
            first = self.number(of: closure([0], atStart: true))
            return self.number(of: set)
        }
        let next = self.number(of: set)
        following[number << 8 | Int(byte)] = Int32(next)
        return next
    }

    private mutating func number(of set: [Int]) -> Int {
        if let known = numbers[set] { return known }
        let number = sets.count
        sets.append(set)
        numbers[set] = number
        following += [Int32](repeating: Self.unknown, count: 256)
        let isMatch = set.contains { regex.steps[$0] == .match }
        let isMatchAtEnd = isMatch || closure(set, atStart: false, atEnd: true).contains { regex.steps[$0] == .match }
        accepts.append((isMatch, isMatchAtEnd))
        return number
    }

    /// All steps that are reached without a byte, in order.
    private func closure(_ from: [Int], atStart: Bool, atEnd: Bool = false) -> [Int] {
        var seen = [Bool](repeating: false, count: regex.steps.count)
        var open = from
        var result: [Int] = []
        while let index = open.popLast() {
            if seen[index] { continue }
            seen[index] = true
            switch regex.steps[index] {
            case .jump(let target): open.append(target)
            case .split(let left, let right): open += [right, left]
            case .start: if atStart { open.append(index + 1) }
            case .end:
                result.append(index)
                if atEnd { open.append(index + 1) }
            case .byte, .match: result.append(index)
            }
        }
        return result.sorted()
    }
}
