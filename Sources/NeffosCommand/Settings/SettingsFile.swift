import Yams

/// What a configuration file says: checked values by the name of their key, and the tables.
struct SettingsFile {
    /// A value as it was written, and where.
    enum Value: Equatable {
        case text(String)
        case list([String])
    }

    var values: [String: Value] = [:]
    /// Rooms by namespace, for `onConnect.join`.
    var join: [String: [String]]?
    /// Actions by event by namespace, for `namespaces`.
    var relay: [String: [String: String]]?
    /// `line:column` of each key that stands in the file, one without a value too.
    var marks: [String: String] = [:]

    /// The most bytes that a file may have.
    static let mostBytes = 1 << 20

    /// Reads a file's text.
    ///
    /// - Parameter name: How the file is called in errors.
    /// - Throws: ``SettingsFailure`` with a line for each mistake: file, line, column, what, and what to do.
    init(text: String, name: String) throws(SettingsFailure) {
        let root: Node?
        do {
            root = try Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw SettingsFailure(lines: [Self.line(of: error, file: name)])
        } catch {
            throw SettingsFailure(lines: ["\(name): \(error)"])
        }
        guard let root, root.null == nil else { return }
        var reader = SettingsFileReader(file: name)
        guard let mapping = root.mapping else {
            throw SettingsFailure(lines: ["\(name):1:1: the file is no mapping of keys to values; start it with a key like \"server:\""])
        }
        reader.read(mapping, under: [])
        guard reader.errors.isEmpty else { throw SettingsFailure(lines: reader.errors) }
        self = reader.result
    }

    init() {}

    private static func line(of error: YamlError, file: String) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return "\(file):\(mark.line):\(mark.column): this is no YAML: \(problem); mend the line, or compare it with Config/neffos.yaml"
        case .duplicatedKeysInMapping(let keys, let context):
            let place = "\(file):\(context.mark.line):\(context.mark.column)"
            return "\(place): the key \"\(keys.first ?? "")\" stands twice in one mapping; keep one of them"
        case .reader(let problem, let offset, _, let yaml):
            let line = yaml.prefix(offset ?? 0).filter { $0.isNewline }.count + 1
            return "\(file):\(line):1: this is no YAML: \(problem); write it as UTF-8 text without control characters"
        default:
            return "\(file):1:1: this is no YAML; write it as UTF-8 text"
        }
    }
}
