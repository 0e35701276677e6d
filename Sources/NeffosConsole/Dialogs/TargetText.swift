import NeffosObservatory
import Terminal

/// On whom an action works, in words.
enum TargetText {
    static func words(_ targets: ActionTargets, _ model: ConsoleModel, _ live: any ObservatoryReading) -> String {
        switch targets {
        case .selected(let id):
            let key = live.connection(id)?.key
            let name = SafeText.escaped(key.map { "\($0), \(id)" } ?? id, maximum: 44, ascii: model.isASCII)
            return "the selected: \(name)"
        case .marked: return "the marked: \(ConsoleFormat.plural(model.connections.marks.count, "connection"))"
        case .shown:
            let filter = SafeText.escaped(model.connections.filter, maximum: 30, ascii: model.isASCII)
            let state = model.connections
            let many = state.isPartial ? "\(ConsoleFormat.count(state.order.count)) or more" : ConsoleFormat.count(state.order.count)
            return "all that \"\(filter)\" shows: \(many)"
        case .everybody: return "everybody: \(ConsoleFormat.plural(live.connectionCount, "connection"))"
        }
    }
}
