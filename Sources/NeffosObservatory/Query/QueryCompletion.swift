import NeffosFeed

extension Query {
    /// The most completions that are given: a choice to read, not a list.
    static let mostCompletions = 20

    /// Texts that `text` may go on as, the likeliest first, each the whole of it; the names are those that there are now. Names that the text
    /// could not hold as they are come in quotes.
    public static func completions(for text: String, names: QueryNames) -> [String] {
        let open = OpenTerm(of: text)
        guard !open.isInside else { return [] }
        if let field = open.field {
            let values = field.texts(names).filter { startsAlike($0, open.value) && !$0.isEmpty }
            return values.prefix(mostCompletions).map { open.before + open.fieldText + quoted($0) }
        }
        guard !open.value.isEmpty || open.before.isEmpty || open.before.last.map({ " |(-!".contains($0) }) == true else { return [] }
        let fields = QueryField.allCases.filter { startsAlike($0.rawValue, open.value) }
        return fields.prefix(mostCompletions).map {
            open.before + $0.rawValue + ($0.isText ? ":" : $0 == .code || $0 == .status ? "=" : ">")
        }
    }

    /// Lines of help, each a field with an example and what it is; the signs first.
    public static var help: [(term: String, meaning: String)] {
        [
            ("a b", "both; a space is and"),
            ("a | b", "either; | is or, and binds less than and"),
            ("-a !a", "not"),
            ("(a | b) c", "parentheses group"),
            ("word", "any part of an id, key, address, namespace or room, of either case; * for any part"),
            ("\"two words\"", "quotes keep spaces and signs"),
            ("/desk-\\d+/", "a regular expression over the same texts"),
            ("= != < <= > >=", "compare figures: 3, 250ms, 5s, 2m, 1h, 512, 64KiB, 1MB"),
        ] + QueryField.allCases.map { ($0.example, $0.meaning) }
    }

    private static func startsAlike(_ text: String, _ beginning: String) -> Bool {
        TextPattern([beginning], kind: .beginning).matches(text)
    }

    private static func quoted(_ name: String) -> String {
        let isPlain = name.allSatisfy { !$0.isWhitespace && !"|()\"*".contains($0) }
        if isPlain { return name }
        return "\"" + name.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    /// The term that is being written at the end of a text.
    private struct OpenTerm {
        var before = ""
        /// `ns:`, as it was written.
        var fieldText = ""
        var field: QueryField?
        var value = ""
        /// Within a regular expression, or behind a comparison, where no name fits.
        var isInside = false

        init(of text: String) {
            let characters = Array(text)
            var start = 0
            var isQuoted = false
            for (index, character) in characters.enumerated() {
                let isEscaped = index > 0 && characters[index - 1] == "\\"
                if character == "\"", !isEscaped { isQuoted.toggle() }
                if !isQuoted, character.isWhitespace || "|()".contains(character) { start = index + 1 }
            }
            while start < characters.count, characters[start] == "-" || characters[start] == "!" { start += 1 }
            before = String(characters[..<start])
            let term = characters[start...]
            if term.first == "/" {
                isInside = true
            } else if let sign = term.firstIndex(where: { !($0.isASCII && $0.isLetter) }), sign > start {
                guard characters[sign] == ":", let field = QueryField(rawValue: String(term[..<sign]).lowercased()), field.isText else {
                    isInside = true
                    return
                }
                self.field = field
                fieldText = String(term[...sign])
                value = String(term[(sign + 1)...]).filter { $0 != "\"" && $0 != "\\" }
            } else {
                value = String(term)
            }
        }
    }
}

extension QueryField {
    /// What it may be, as far as that is known.
    fileprivate func texts(_ names: QueryNames) -> [String] {
        switch self {
        case .ns: names.namespaces
        case .room: names.rooms
        case .key: names.keys
        case .by: FeedEvent.ClosedBy.allCases.map(\.rawValue)
        default: knownTexts ?? []
        }
    }
}
