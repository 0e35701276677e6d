import NeffosObservatory
import Terminal

/// What an operator types within a screen: a filter, or a text to look for. It takes effect with each key.
struct ViewPrompt: Sendable {
    enum Purpose: Sendable, Hashable { case filter, search }

    /// The most characters that can be typed: what is typed is looked for in every row.
    static let longest = 200

    let purpose: Purpose
    /// Whether the text is to be a filter in the words of ``Query``.
    let isQuery: Bool
    private(set) var prompt: Prompt
    /// What is wrong with the text as a filter.
    private(set) var error: QueryError?

    init(_ purpose: Purpose, text: String, isQuery: Bool = false) {
        self.purpose = purpose
        self.isQuery = isQuery
        prompt = Prompt(label: purpose == .filter ? "filter / " : "search ", text: text, maximum: Self.longest)
        check()
    }

    var text: String { prompt.text }

    mutating func update(_ key: Key) -> Prompt.Outcome {
        let outcome = prompt.update(key)
        if outcome == .editing { check() }
        return outcome
    }

    private mutating func check() {
        error = nil
        guard isQuery else { return }
        do { _ = try Query(parsing: text) } catch { self.error = error }
    }
}

extension ConsoleModel {
    /// What is being typed on the screen in view.
    var viewPrompt: ViewPrompt? {
        guard !isLogShown, !isHelpShown, !isConfirmingQuit else { return nil }
        switch screen {
        case .rooms: return rooms.prompt
        case .events: return events.prompt
        case .returns: return returns.prompt
        case .connections: return connections.search.prompt
        case .overview, .nodes: return nil
        }
    }

    /// Gives a key to what is being typed; nil where nothing is.
    mutating func typeIntoView(_ key: Key, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        guard viewPrompt != nil else { return nil }
        switch key {
        case .control("l"): return [.redraw]
        case .control("z"): return nil
        default: break
        }
        switch screen {
        case .rooms: rooms.type(key)
        case .events: events.type(key)
        case .returns: returns.type(key)
        case .connections: typeSearch(key, observatory, now: now)
        case .overview, .nodes: return nil
        }
        refresh(from: observatory, now: now)
        return []
    }
}
