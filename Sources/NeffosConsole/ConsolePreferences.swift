import Foundation

/// What an operator chose and finds again the next time: a small file of JSON. What it holds that is not known here stays in it.
struct ConsolePreferences: Sendable {
    /// A file that is larger was not written by a console.
    private static let longest = 65_536
    let path: String?

    /// - Parameter path: the file; nil keeps nothing.
    init(path: String?) { self.path = path }

    /// The columns of the Connections screen; nil where none were chosen, or what is there cannot be read.
    var columns: [ConnectionField]? {
        guard let table = content["connections"] as? [String: Any], let names = table["columns"] as? [Any] else { return nil }
        var columns: [ConnectionField] = []
        for case let name as String in names {
            if let field = ConnectionField(rawValue: name), !columns.contains(field) { columns.append(field) }
        }
        return columns.isEmpty ? nil : columns
    }

    /// Keeps the columns.
    /// - Returns: why not, for the operator; nil where it was done.
    func keep(columns: [ConnectionField]) -> String? {
        guard let path else { return nil }
        var content = content
        var table = content["connections"] as? [String: Any] ?? [:]
        table["columns"] = columns.map(\.rawValue)
        content["connections"] = table
        do {
            let file = URL(filePath: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let data = try JSONSerialization.data(withJSONObject: content, options: [.prettyPrinted, .sortedKeys])
            try (data + Data("\n".utf8)).write(to: file, options: .atomic)
            return nil
        } catch {
            return "the columns are not kept for the next time: \(path) cannot be written"
        }
    }

    private var content: [String: Any] {
        guard let path, let file = FileHandle(forReadingAtPath: path) else { return [:] }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: Self.longest), data.count < Self.longest else { return [:] }
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }
}

extension ConsoleOptions {
    /// Where a console keeps what its operator chose: `neffos/console.json` in the directory for state (`XDG_STATE_HOME`, else
    /// `~/.local/state`); nil where there is none.
    public static func usualStateFile(environment: [String: String]) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/neffos/console.json" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/neffos/console.json"
    }
}
