import Foundation

/// A configuration that was read, and what it was read from.
struct LoadedSettings {
    var settings: Settings
    var sources: SettingsSources
    /// Files that are read again when they change: the configuration itself, and those that it has secrets from.
    var files: [String]

    /// Reads the configuration. All mistakes of the command line, the environment and the file are told at once, and only then those that
    /// values have together.
    ///
    /// - Parameters:
    ///   - file: The configuration file's path, nil for none.
    ///   - environment: All variables; those that start with `NEFFOS_` count.
    ///   - commandLine: Values by key, as they were written.
    /// - Throws: ``SettingsFailure``, whose lines say what is wrong, where, and what to do.
    static func load(
        file: String?, environment: [String: String], commandLine: [String: String] = [:]
    ) throws(SettingsFailure) -> LoadedSettings {
        var sources = SettingsSources(commandLine: commandLine, fileName: file)
        var mistakes: [String] = []
        for (name, value) in commandLine.sorted(by: { $0.key < $1.key }) {
            do { try SettingsSchema.key(name)?.check(value) } catch { mistakes.append("\(name): \(error.problem); \(error.advice)") }
        }
        if let file {
            do { sources.file = try SettingsFile(text: read(file), name: file) } catch { mistakes += error.lines }
        }
        do { sources.environment = try SettingsEnvironment.check(environment) } catch { mistakes += error.lines }
        guard mistakes.isEmpty else { throw SettingsFailure(lines: mistakes) }

        let secrets = SettingsSecrets(sources: sources, environment: environment)
        do {
            var settings = try SettingsReader(sources).settings()
            if let join = sources.file.join { settings.join = join }
            if let relay = sources.file.relay { settings.relay = relay }
            mistakes = SettingsTogether(settings: settings, sources: sources).mistakes
            mistakes += secrets.read(into: &settings)
            guard mistakes.isEmpty else { throw SettingsFailure(lines: mistakes) }
            return LoadedSettings(settings: settings, sources: sources, files: (file.map { [$0] } ?? []) + secrets.files)
        } catch let failure as SettingsFailure {
            throw failure
        } catch {
            throw SettingsFailure(lines: ["configuration: \(error)"])
        }
    }

    private static func read(_ file: String) throws(SettingsFailure) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw SettingsFailure(lines: ["\(file): cannot read the configuration file: \(SystemProblem.text(of: error)); check --config"])
        }
        guard data.count <= SettingsFile.mostBytes else {
            throw SettingsFailure(lines: ["\(file): the file has more than 1 MiB; check --config"])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SettingsFailure(lines: ["\(file): the file is no UTF-8 text; check --config"])
        }
        return text
    }

    /// Where a secret is may be seen.
    private static func masked(_ text: String) -> String {
        SettingsKey.names(in: text).map { $0.hasPrefix("file:") || $0.hasPrefix("env:") ? $0 : Secret.mask }.joined(separator: ",")
    }

    /// What `--check-config` prints: each key with its value and where that is from.
    var report: [String] {
        let rows = SettingsSchema.keys.map { key in
            let text = sources.text(of: key) ?? ""
            return (key.name, key.isSecret ? Self.masked(text) : text, sources.source(of: key).text)
        }
        let (names, values) = (rows.map(\.0.count).max() ?? 0, min(40, rows.map(\.1.count).max() ?? 0))
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        return rows.map { "\(padded($0, names))  \(padded($1, values))  \($2)" }
    }
}
