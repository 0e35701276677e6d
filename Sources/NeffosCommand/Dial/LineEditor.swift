import Terminal

/// A line that is typed at a prompt, with those that were typed before and the commands that it may begin with. Pure.
struct LineEditor: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        case editing
        case submitted(String)
        /// Control-D on an empty line.
        case ended
        /// Control-Z.
        case suspended
        /// Several words are possible.
        case choices([String])
    }

    private(set) var text: [Character] = []
    /// Characters before the cursor.
    private(set) var position = 0
    private var history: [String] = []
    /// Which of them is shown; its count: what is being typed.
    private var shown = 0
    private var draft: [Character] = []
    private var killed: [Character] = []
    let words: [String]

    static let mostHistory = 500
    static let mostCharacters = 64 << 10

    init(words: [String] = []) { self.words = words }

    mutating func update(_ key: Key) -> Outcome {
        switch key {
        case .character(let character): insert([character])
        case .backspace, .control("h"): remove(max(0, position - 1)..<position)
        case .control("d") where text.isEmpty: return .ended
        case .delete, .control("d"): remove(position..<min(text.count, position + 1))
        case .left, .control("b"): position = max(0, position - 1)
        case .right, .control("f"): position = min(text.count, position + 1)
        case .home, .control("a"): position = 0
        case .end, .control("e"): position = text.count
        case .control("u"): kill(0..<position)
        case .control("k"): kill(position..<text.count)
        case .control("w"): kill(wordStart..<position)
        case .control("y"): insert(killed)
        case .control("g"): replace(with: [])
        case .up, .control("p"): show(shown - 1)
        case .down, .control("n"): show(shown + 1)
        case .tab: return complete()
        case .control("z"): return .suspended
        case .enter: return submit()
        default: break
        }
        return .editing
    }

    private mutating func submit() -> Outcome {
        let line = String(text)
        if !line.allSatisfy(\.isWhitespace), history.last != line {
            history.append(line)
            if history.count > Self.mostHistory { history.removeFirst() }
        }
        shown = history.count
        draft = []
        replace(with: [])
        return .submitted(line)
    }

    private mutating func insert(_ characters: [Character]) {
        guard text.count + characters.count <= Self.mostCharacters else { return }
        text.insert(contentsOf: characters, at: position)
        // A mark joins the character before it.
        let joined = Array(String(text))
        position = min(joined.count, position + characters.count - (text.count - joined.count))
        text = joined
    }

    private mutating func remove(_ range: Range<Int>) {
        text.removeSubrange(range)
        position = range.lowerBound
    }

    private mutating func kill(_ range: Range<Int>) {
        if !range.isEmpty { killed = Array(text[range]) }
        remove(range)
    }

    private var wordStart: Int {
        var start = position
        while start > 0, text[start - 1].isWhitespace { start -= 1 }
        while start > 0, !text[start - 1].isWhitespace { start -= 1 }
        return start
    }

    private mutating func replace(with characters: [Character]) {
        text = characters
        position = characters.count
    }

    private mutating func show(_ index: Int) {
        guard index >= 0, index <= history.count, index != shown else { return }
        if shown == history.count { draft = text }
        shown = index
        replace(with: index == history.count ? draft : Array(history[index]))
    }

    private mutating func complete() -> Outcome {
        let typed = String(text[..<position])
        guard !typed.contains(where: \.isWhitespace) else { return .editing }
        let matches = words.filter { $0.hasPrefix(typed) }
        guard let first = matches.first else { return .editing }
        var common = first
        for match in matches.dropFirst() {
            while !match.hasPrefix(common) { common.removeLast() }
        }
        let rest = Array(common.dropFirst(typed.count)) + (matches.count == 1 ? [" "] : [])
        insert(rest)
        return rest.isEmpty ? .choices(matches) : .editing
    }

    /// What fits into a row of the terminal, and where the cursor is in it.
    func row(prompt: String, columns: Int) -> (text: String, cursor: Int) {
        let room = max(2, columns - 1 - TextWidth.of(prompt))
        var before = text[..<position]
        while TextWidth.of(SafeText.escaped(String(before))) >= room { before = before.dropFirst() }
        let start = SafeText.escaped(String(before))
        let shown = SafeText.escaped(String(before) + String(text[position...]), maximum: room)
        return (prompt + shown, TextWidth.of(prompt) + TextWidth.of(start))
    }
}
