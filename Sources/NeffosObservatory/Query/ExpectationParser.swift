/// Reads expectations: a figure, a sign, and what it is compared with.
struct ExpectationParser {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) { characters = Array(text) }

    mutating func parts() throws(QueryError) -> [Expectation.Part] {
        guard characters.count <= Query.longest else {
            throw error("the expectation is too long", "write at most \(Query.longest) characters", at: Query.longest)
        }
        var parts: [Expectation.Part] = []
        skipSpaces()
        while position < characters.count {
            parts.append(try part())
            skipSpaces()
        }
        if parts.isEmpty { throw error("there is no expectation", "write one, like missing==0", at: 0) }
        return parts
    }

    private mutating func part() throws(QueryError) -> Expectation.Part {
        let figure = try figure()
        skipSpaces()
        let sign = try sign(behind: figure)
        skipSpaces()
        let start = position
        while position < characters.count, !characters[position].isWhitespace { position += 1 }
        let literal = String(characters[start..<position])
        return Expectation.Part(
            figure: figure, comparison: QueryComparison(sign: sign, value: try figure.unit.value(of: literal, at: start)), literal: literal)
    }

    private mutating func sign(behind figure: ExpectationFigure) throws(QueryError) -> QueryComparison.Sign {
        let start = position
        while position < characters.count, "<>=!".contains(characters[position]), position - start < 2 { position += 1 }
        let text = String(characters[start..<position])
        guard let sign = text == "==" ? .equal : QueryComparison.Sign(rawValue: text) else {
            throw error(
                text.isEmpty ? "there is no comparison" : "\"\(text)\" is no comparison", "write one, like \(figure.text)>=10", at: start)
        }
        return sign
    }

    private mutating func figure() throws(QueryError) -> ExpectationFigure {
        let start = position
        while position < characters.count, isOfName(characters[position]) { position += 1 }
        let name = String(characters[start..<position])
        guard position < characters.count, characters[position] == "(" else {
            guard let plain = ExpectationFigure.Plain(rawValue: name) else { throw unknown(name, at: start) }
            return .plain(plain)
        }
        guard ExpectationFigure.functions.contains(name) else { throw unknown(name, at: start) }
        let open = position
        guard let close = closing(open) else { throw error("\"(\" is not closed", "write \")\" behind what it holds", at: open) }
        let inner = (open + 1)..<close
        position = close + 1
        let text = String(characters[inner])
        switch name {
        case "p50", "p95", "p99":
            guard text == "restore" else {
                throw error("unknown figure \"\(text)\"", NearestName.advice(for: text, among: ["restore"]), at: inner.lowerBound)
            }
            return .restore(percent: name == "p50" ? 50 : name == "p95" ? 95 : 99)
        case "lints":
            guard !text.isEmpty, text.allSatisfy({ isOfName($0) }) else {
                throw error("\"\(text)\" is no lint", "write its id, like lints(herd)", at: inner.lowerBound)
            }
            let ids = LintCatalogue.all.map(\.id)
            guard ids.contains(text) else {
                throw error("there is no lint \"\(text)\"", NearestName.advice(for: text, among: ids), at: inner.lowerBound)
            }
            return .lint(text)
        default:
            let query: Query
            do throws(QueryError) { query = try Query(parsing: text) } catch {
                throw self.error(error.problem, error.advice, at: inner.lowerBound + error.position)
            }
            return name == "count" ? .count(query) : .connections(query)
        }
    }

    /// The parenthesis that closes another; what is in quotes, or between the slashes of a regular expression, is text.
    private func closing(_ open: Int) -> Int? {
        var depth = 0
        var quote: Character?
        var index = open
        while index < characters.count {
            let character = characters[index]
            if let mark = quote {
                if character == "\\" { index += 1 } else if character == mark { quote = nil }
            } else if character == "\"" {
                quote = character
            } else if character == "/", let before = index > 0 ? characters[index - 1] : nil, before.isWhitespace || "(|-!".contains(before)
            {
                quote = character
            } else if character == "(" {
                depth += 1
            } else if character == ")" {
                depth -= 1
                if depth == 0 { return index }
            }
            index += 1
        }
        return nil
    }

    private func unknown(_ name: String, at start: Int) -> QueryError {
        if name.isEmpty { return error("there is no figure", "write one, like missing==0", at: start) }
        let names = ExpectationFigure.Plain.allCases.map(\.rawValue)
        if ["p50", "p95", "p99"].contains(name) { return error("\"\(name)\" of what", "write \(name)(restore)", at: start) }
        let nearest = NearestName.of(name, among: names + ExpectationFigure.functions)
        return error(
            "unknown figure \"\(name)\"", nearest.map { "did you mean \"\($0)\"?" } ?? "there is \(names.joined(separator: ", "))",
            at: start)
    }

    private func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "." || character == "-" || character == "_")
    }

    private mutating func skipSpaces() {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
    }

    private func error(_ problem: String, _ advice: String, at place: Int) -> QueryError {
        QueryError(position: place, problem: problem, advice: advice)
    }
}
