import NeffosObservatory
import Yams

/// Walks the nodes of a configuration file along the schema and gathers values and mistakes.
struct SettingsFileReader {
    var file: String
    var result = SettingsFile()
    private(set) var errors: [String] = []
    /// More mistakes than this help nobody.
    private static let mostErrors = 20

    init(file: String) { self.file = file }

    mutating func read(_ mapping: Node.Mapping, under path: [String]) {
        for (keyNode, value) in mapping {
            guard let part = keyNode.string else {
                report(keyNode, "a key that is no text", "write a plain name before the colon")
                continue
            }
            let full = path + [part]
            let name = full.joined(separator: ".")
            result.marks[name] = Self.mark(of: keyNode)
            if let key = SettingsSchema.key(name) {
                read(value, for: key, at: keyNode)
            } else if !SettingsSchema.names(under: full).isEmpty {
                if let inner = value.mapping {
                    read(inner, under: full)
                } else if value.null == nil {
                    let names = SettingsSchema.names(under: full).joined(separator: ", ")
                    report(value, "\"\(name)\" is no single value", "write a mapping with \(names)")
                }
            } else if SettingsSchema.isLater(full) {
                report(keyNode, "the key \"\(name)\" is not available in this version", "remove it")
            } else {
                report(keyNode, "unknown key \"\(name)\"", Self.suggestion(for: part, under: path))
            }
        }
    }

    /// The nearest key here, or the one of that name elsewhere, or all that stand here.
    private static func suggestion(for part: String, under path: [String]) -> String {
        let here = SettingsSchema.names(under: path)
        func full(_ name: String) -> String { (path + [name]).joined(separator: ".") }
        if let name = NearestName.of(part, among: here) { return "did you mean \"\(full(name))\"?" }
        if let key = SettingsSchema.keys.first(where: { $0.path.last == part }) { return "did you mean \"\(key.name)\"?" }
        return "there is \(here.map(full).joined(separator: ", "))"
    }

    private mutating func read(_ node: Node, for key: SettingsKey, at keyNode: Node) {
        if node.null != nil { return }
        switch key.kind {
        case .roomsByNamespace: readRooms(node, for: key)
        case .relay: readRelay(node, for: key)
        case .tokens where node.scalar != nil: readValue(node, for: key)
        case .names, .origins, .parameterHeaders, .addresses, .tokens, .lints:
            guard let list = names(node, for: key) else { return }
            result.values[key.name] = .list(list)
        default: readValue(node, for: key)
        }
    }

    private mutating func readValue(_ node: Node, for key: SettingsKey) {
        guard let text = node.scalar?.string else {
            return report(
                node, "\"\(key.name)\" takes one value, not a \(node.mapping == nil ? "list" : "mapping")", "write it after the colon")
        }
        do {
            try key.check(text)
            result.values[key.name] = key.isList ? .list([text]) : .text(text)
        } catch {
            report(node, "\(key.name): \(error.problem)", error.advice)
        }
    }

    private mutating func names(_ node: Node, for key: SettingsKey) -> [String]? {
        guard let sequence = node.sequence else {
            report(node, "\"\(key.name)\" takes a list", "write [one, two]")
            return nil
        }
        var list: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string, !text.isEmpty, item.null == nil else {
                report(item, "\(key.name): an entry that is no name", "write [one, two]")
                return nil
            }
            do { try key.check(item: text) } catch {
                report(item, "\(key.name): \(error.problem)", error.advice)
                continue
            }
            list.append(text)
        }
        return list
    }

    private mutating func readRooms(_ node: Node, for key: SettingsKey) {
        guard let mapping = node.mapping else {
            return report(node, "\"\(key.name)\" takes rooms by namespace", "write {default: [lobby]}")
        }
        var rooms: [String: [String]] = [:]
        for (keyNode, value) in mapping {
            guard let namespace = keyNode.string, let list = names(value, for: key) else { continue }
            rooms[namespace] = list
        }
        result.join = rooms
    }

    private mutating func readRelay(_ node: Node, for key: SettingsKey) {
        guard let mapping = node.mapping else {
            return report(node, "\"\(key.name)\" takes events by namespace", "write {default: {echo: reply}}")
        }
        var relay: [String: [String: String]] = [:]
        for (keyNode, value) in mapping {
            guard let namespace = keyNode.string else { continue }
            guard let events = value.mapping ?? (value.null == nil ? nil : Node.Mapping([])) else {
                report(value, "\(key.name): the namespace \"\(namespace)\" has no events", "write {echo: reply}")
                continue
            }
            relay[namespace] = [:]
            for (eventNode, action) in events {
                guard let event = eventNode.string else { continue }
                guard let text = action.scalar?.string else {
                    report(
                        action, "\(key.name): the event \"\(event)\" takes one action", "write \(RelayRule.actions.joined(separator: ", "))"
                    )
                    continue
                }
                do {
                    try RelayRule.check(namespace: namespace, event: event, action: text)
                    relay[namespace]?[event] = text
                } catch {
                    report(error.problem.hasPrefix("the event") ? eventNode : action, "\(key.name): \(error.problem)", error.advice)
                }
            }
        }
        result.relay = relay
    }

    private mutating func report(_ node: Node, _ what: String, _ advice: String) {
        guard errors.count < Self.mostErrors else { return }
        errors.append("\(file):\(Self.mark(of: node)): \(what); \(advice)")
    }

    private static func mark(of node: Node) -> String { node.mark.map { "\($0.line):\($0.column)" } ?? "1:1" }
}
