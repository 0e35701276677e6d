import NeffosFeed

/// Reads a query: terms beside each other are *and*, `|` between them is *or*.
struct QueryParser {
    /// How deep parentheses and negations may stand in each other: more is a mistake, and each takes some of the stack.
    static let deepest = 32

    let characters: [Character]
    private(set) var position: Int
    private(set) var regexes: [LinearRegex] = []
    /// The first character that is not the query's.
    let end: Int

    init(_ text: String) {
        characters = Array(text)
        position = 0
        end = characters.count
    }

    /// Reads a part of a longer text; positions in errors are those of the whole.
    init(_ characters: [Character], from start: Int, to end: Int) {
        self.characters = characters
        position = start
        self.end = end
    }

    /// - Returns: Nil where there is nothing but spaces.
    mutating func query() throws(QueryError) -> QueryExpression? {
        if end - position > Query.longest {
            throw error("the filter is too long", "write at most \(Query.longest) characters", at: position + Query.longest)
        }
        skipSpaces()
        if position == end { return nil }
        let expression = try alternatives(depth: 0)
        if position < end { throw error("\")\" closes nothing", "remove it, or quote it: \")\"") }
        return expression
    }

    // MARK: The tree

    private mutating func alternatives(depth: Int) throws(QueryError) -> QueryExpression {
        var parts = [try conjunction(depth: depth)]
        while peek() == "|" {
            position += 1
            parts.append(try conjunction(depth: depth))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction(depth: Int) throws(QueryError) -> QueryExpression {
        var parts: [QueryExpression] = []
        skipSpaces()
        while let next = peek(), next != "|", next != ")" {
            parts.append(try term(depth: depth))
            skipSpaces()
        }
        if parts.isEmpty { throw error("there is no term", "write one, like ns:chat or tries>3") }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func term(depth: Int) throws(QueryError) -> QueryExpression {
        guard depth < Self.deepest else { throw error("too many parentheses in each other", "write at most \(Self.deepest)") }
        switch peek() {
        case "-", "!":
            position += 1
            skipSpaces()
            guard let next = peek(), next != "|", next != ")" else {
                throw error("there is nothing to negate", "write a term behind the sign, or quote it: \"-\"")
            }
            return .not(try term(depth: depth + 1))
        case "(":
            let start = position
            position += 1
            let inner = try alternatives(depth: depth + 1)
            guard peek() == ")" else { throw error("\"(\" is not closed", "write \")\" behind its terms, or quote it: \"(\"", at: start) }
            position += 1
            return inner
        case "/":
            regexes.append(try regex())
            return .regex(regexes.count - 1)
        default: return try condition()
        }
    }

    private mutating func regex() throws(QueryError) -> LinearRegex {
        let start = position
        var source: [Character] = []
        position += 1
        while position < end, characters[position] != "/" {
            if characters[position] == "\\", position + 1 < end {
                // A slash needs the backslash for us, all else is the pattern's own.
                if characters[position + 1] != "/" { source.append("\\") }
                position += 1
            }
            source.append(characters[position])
            position += 1
        }
        guard position < end else {
            throw error("the pattern is not closed", "end it with a slash, or quote the text: \"/\"", at: start)
        }
        position += 1
        do throws(LinearRegex.Problem) { return try LinearRegex(source) } catch {
            // A backslash before a slash was left out above, which moves the place by one at most.
            throw self.error(error.text, error.advice, at: start + 1 + error.position)
        }
    }

    // MARK: Conditions

    /// A field with its value, or a word.
    private mutating func condition() throws(QueryError) -> QueryExpression {
        let start = position
        var behind = position
        while behind < end, characters[behind].isASCII, characters[behind].isLetter { behind += 1 }
        guard behind > start, behind < end, let sign = sign(at: behind) else {
            return .word(TextPattern(try value(of: "the word"), kind: .part))
        }
        let name = String(characters[start..<behind])
        guard let field = QueryField(rawValue: name.lowercased()) else {
            let names = QueryField.allCases.map(\.rawValue)
            let advice =
                NearestName.of(name, among: names).map { "did you mean \"\($0)\"?" } ?? "quote the text, or see the help for the fields"
            throw error("unknown field \"\(name)\"", advice, at: start)
        }
        position = behind + sign.length
        if field.isText, sign.comparison == nil || !(field == .ns && isNumber(at: position)) {
            guard sign.comparison == nil || sign.comparison == .equal || sign.comparison == .unequal else {
                throw error("\"\(name)\" is a text and cannot be compared so", "write \(field.example)", at: behind)
            }
            let condition = try textCondition(field, name)
            return sign.comparison == .unequal ? .not(condition) : condition
        }
        return .number(field, try comparison(field, sign.comparison ?? .equal))
    }

    private mutating func textCondition(_ field: QueryField, _ name: String) throws(QueryError) -> QueryExpression {
        let start = position
        let parts = try value(of: name)
        let pattern = TextPattern(parts, kind: field.kind)
        let text = parts.joined(separator: "*")
        if let known = field.knownTexts, !known.contains(where: pattern.matches) {
            throw error(
                "there is no \(field == .event ? "event" : name) \"\(text)\"", NearestName.advice(for: text, among: known), at: start)
        }
        return .text(field, pattern)
    }

    private mutating func comparison(_ field: QueryField, _ sign: QueryComparison.Sign) throws(QueryError) -> QueryComparison {
        let start = position
        while position < end, !isBreak(characters[position]) { position += 1 }
        return QueryComparison(sign: sign, value: try field.unit.value(of: String(characters[start..<position]), at: start))
    }

    /// What stands between the stars. A star in quotes is one.
    private mutating func value(of name: String) throws(QueryError) -> [String] {
        var parts = [""]
        let start = position
        while position < end, !isBreak(characters[position]) {
            let character = characters[position]
            position += 1
            switch character {
            case "\"": parts[parts.count - 1] += try quoted()
            case "*": parts.append("")
            default: parts[parts.count - 1].append(character)
            }
        }
        if position == start { throw error("\(name) has no value", "write one behind it, in quotes if it has spaces") }
        return parts
    }

    /// The rest of a quoted text.
    private mutating func quoted() throws(QueryError) -> String {
        let start = position - 1
        var text = ""
        while position < end, characters[position] != "\"" {
            if characters[position] == "\\", position + 1 < end { position += 1 }
            text.append(characters[position])
            position += 1
        }
        guard position < end else { throw error("the quotes are not closed", "write a second \"", at: start) }
        position += 1
        return text
    }

    // MARK: Characters

    /// A colon, or a comparison.
    private func sign(at index: Int) -> (comparison: QueryComparison.Sign?, length: Int)? {
        let next: Character? = index + 1 < end ? characters[index + 1] : nil
        switch characters[index] {
        case ":": return (nil, 1)
        case "=": return (.equal, next == "=" ? 2 : 1)
        case "!" where next == "=": return (.unequal, 2)
        case "<": return next == "=" ? (.atMost, 2) : (.less, 1)
        case ">": return next == "=" ? (.atLeast, 2) : (.more, 1)
        default: return nil
        }
    }

    private func isNumber(at index: Int) -> Bool {
        let rest = characters[index..<end].prefix { !isBreak($0) }
        return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
    }

    private func isBreak(_ character: Character) -> Bool {
        character.isWhitespace || character == "|" || character == "(" || character == ")"
    }

    private func peek() -> Character? { position < end ? characters[position] : nil }

    private mutating func skipSpaces() {
        while position < end, characters[position].isWhitespace { position += 1 }
    }

    private func error(_ problem: String, _ advice: String, at place: Int? = nil) -> QueryError {
        QueryError(position: place ?? position, problem: problem, advice: advice)
    }
}

extension QueryField {
    /// All that the text can be, where that is known.
    var knownTexts: [String]? {
        switch self {
        case .event: FeedEventType.allCases.map(\.rawValue)
        case .state: Self.states
        case .cause: Incident.Cause.allCases.map(\.rawValue)
        case .lint: LintCatalogue.all.map(\.id)
        default: nil
        }
    }
}
