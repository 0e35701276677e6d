/// Where the value of a key comes from.
enum SettingsSource: Equatable, Sendable {
    case commandLine
    /// The variable's name.
    case environment(String)
    /// `file:line:column`.
    case file(String)
    case standard

    /// How `--check-config` calls it.
    var text: String {
        switch self {
        case .commandLine: "command line"
        case .environment(let name): name
        case .file(let place): place
        case .standard: "default"
        }
    }

    /// What stands before a mistake that is told of it.
    var place: String {
        switch self {
        case .commandLine: "command line"
        case .environment(let name): "environment: \(name)"
        case .file(let place): place
        case .standard: "configuration"
        }
    }
}

/// What was given, by where. The first that has a key's value wins.
struct SettingsSources {
    /// By key.
    var commandLine: [String: String] = [:]
    /// By variable, checked.
    var environment: [String: String] = [:]
    var file = SettingsFile()
    var fileName: String?

    func source(of key: SettingsKey) -> SettingsSource {
        if commandLine[key.name] != nil { return .commandLine }
        if environment[key.environmentName] != nil { return .environment(key.environmentName) }
        let isInFile: Bool
        switch key.kind {
        case .roomsByNamespace: isInFile = file.join != nil
        case .relay: isInFile = file.relay != nil
        default: isInFile = file.values[key.name] != nil
        }
        guard isInFile, let mark = file.marks[key.name] else { return .standard }
        return .file("\(fileName ?? ""):\(mark)")
    }

    /// The first of these keys that somebody has set, which is where a mistake of them together is looked for.
    func place(of names: String...) -> String {
        for name in names {
            guard let key = SettingsSchema.key(name) else { continue }
            let source = source(of: key)
            if source != .standard { return source.place }
        }
        return SettingsSource.standard.place
    }

    /// A value as it is written, a secret's too; nil for none.
    func text(of key: SettingsKey) -> String? {
        if let value = commandLine[key.name] ?? environment[key.environmentName] { return value }
        switch key.kind {
        case .roomsByNamespace: return Self.flow((file.join ?? [:]).mapValues { "[\($0.joined(separator: ", "))]" })
        case .relay: return Self.flow((file.relay ?? RelayRule.standard).mapValues(Self.flow))
        default: break
        }
        switch file.values[key.name] {
        case .text(let text): return text
        case .list(let list): return list.joined(separator: ",")
        case nil: return key.standard
        }
    }

    private static func flow(_ mapping: [String: String]) -> String {
        "{" + mapping.sorted { $0.key < $1.key }.map { "\(name($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
    }

    private static func name(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x2F && $0 < 0x7B || $0 == 0x2D || $0 == 0x2E }
        return isPlain ? text : "\"\(text)\""
    }
}
