import NeffosObservatory
import Terminal

/// A filter while it is typed: the text, what is wrong with it, what it may go on as, and those of before.
struct FilterEditor: Sendable {
    /// The most filters that are remembered.
    static let mostRemembered = 50

    private(set) var prompt: Prompt
    private(set) var error: QueryError?
    /// Filters of before, the oldest first.
    private let history: [String]
    /// Which of them is in the prompt.
    private var place: Int
    /// What was being typed when the others were looked at.
    private var draft = ""
    /// What Tab goes through, and where it is.
    private var completions: [String] = []
    private var completion = 0

    init(text: String, history: [String]) {
        prompt = Prompt(label: "filter / ", text: text, maximum: Query.longest)
        self.history = history
        place = history.count
        check()
    }

    var text: String { prompt.text }

    /// Whether the key has changed something.
    mutating func type(_ key: Key) -> Bool {
        guard prompt.update(key) == .editing else { return false }
        completions = []
        check()
        return true
    }

    /// Goes on as a field or a name that begins so, the next one each time.
    mutating func complete(_ names: QueryNames) {
        if completions.isEmpty {
            completions = Query.completions(for: text, names: names)
            completion = 0
        } else {
            completion = (completion + 1) % completions.count
        }
        guard completions.indices.contains(completion) else { return }
        replace(completions[completion])
    }

    /// Puts another filter of before into the prompt; what was typed comes again after the newest.
    mutating func recall(by step: Int) {
        let target = place + step
        guard target >= 0, target <= history.count else { return }
        if place == history.count { draft = text }
        place = target
        replace(target == history.count ? draft : history[target])
        completions = []
    }

    /// The filters of before with this one; the same one stands only once.
    static func remember(_ text: String, in history: [String]) -> [String] {
        guard !text.isEmpty else { return history }
        return (history.filter { $0 != text } + [text]).suffix(mostRemembered)
    }

    private mutating func replace(_ text: String) {
        prompt = Prompt(label: prompt.label, text: text, maximum: Query.longest)
        check()
    }

    private mutating func check() {
        do {
            _ = try Query(parsing: text)
            error = nil
        } catch {
            self.error = error
        }
    }
}
