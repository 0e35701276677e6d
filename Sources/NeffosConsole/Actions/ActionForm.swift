import NeffosFeed
import Terminal

/// The fields of an action while they are filled in. Errors stand under the field they are about.
struct ActionForm: Sendable {
    let kind: ActionKind
    let targets: ActionTargets
    private(set) var prompts: [Prompt]
    private(set) var errors: [Int: String] = [:]
    /// The field that is typed into.
    private(set) var focus = 0

    /// - Parameter values: what stands in the fields to begin with.
    init(_ kind: ActionKind, targets: ActionTargets, values: [ActionField: String] = [:]) {
        self.kind = kind
        self.targets = targets
        prompts = kind.fields.map { Prompt(label: "", text: values[$0] ?? "", maximum: $0.maximum) }
    }

    var fields: [ActionField] { kind.fields }

    mutating func moveFocus(by step: Int) {
        guard !prompts.isEmpty else { return }
        focus = (focus + step + prompts.count) % prompts.count
    }

    mutating func focus(on field: Int) {
        if prompts.indices.contains(field) { focus = field }
    }

    /// Types into the field; what was wrong there is forgotten.
    mutating func type(_ key: Key) {
        guard prompts.indices.contains(focus), prompts[focus].update(key) == .editing else { return }
        errors[focus] = nil
    }

    /// What the fields say; nil, with ``errors``, where one of them says nothing that can be done.
    mutating func action() -> OperatorCommand.Action? {
        errors = [:]
        func text(_ field: ActionField) -> String { fields.firstIndex(of: field).map { prompts[$0].text } ?? "" }
        func read<Value>(_ field: ActionField, _ body: (String) throws(ActionEntry.Problem) -> Value) -> Value? {
            do { return try body(text(field)) } catch {
                if let index = fields.firstIndex(of: field) { errors[index] = error.text }
                return nil
            }
        }
        func room() -> String? { read(.room) { text throws(ActionEntry.Problem) in try ActionEntry.name(text, of: "room") } }
        func event() -> String? { read(.event) { text throws(ActionEntry.Problem) in try ActionEntry.name(text, of: "event") } }
        let action: OperatorCommand.Action?
        switch kind {
        case .kick:
            let code = read(.code, ActionEntry.code)
            let reason = read(.reason, ActionEntry.reason)
            let holdOff = read(.holdOff) { text throws(ActionEntry.Problem) in try ActionEntry.duration(text, least: 0) }
            if let code, let reason, let holdOff {
                action = .kick(code: code, reason: reason, holdOff: holdOff)
            } else {
                action = nil
            }
        case .disconnect: action = .disconnect(namespace: text(.namespace))
        case .join: action = room().map { .join(namespace: text(.namespace), room: $0) }
        case .leave: action = room().map { .leave(namespace: text(.namespace), room: $0) }
        case .send:
            action = event().map { .send(namespace: text(.namespace), room: text(.optionalRoom), event: $0, body: text(.body)) }
        case .broadcast:
            action = event().map { .broadcast(namespace: text(.namespace), room: text(.optionalRoom), event: $0, body: text(.body)) }
        case .drill:
            let percent = read(.percent, ActionEntry.percent)
            let away = read(.away) { text throws(ActionEntry.Problem) in try ActionEntry.duration(text, least: 1) }
            if let percent, let away { action = .drill(percent: percent, away: away) } else { action = nil }
        case .ping: action = .ping
        case .tap: action = .tap(true)
        case .untap: action = .tap(false)
        case .pauseAdmission: action = .pauseAdmission
        case .resumeAdmission: action = .resumeAdmission
        case .drain: action = .drain
        }
        if let first = errors.keys.min() { focus = first }
        return action
    }
}
