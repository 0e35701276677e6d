/// Reads the secrets that a configuration has or points at.
struct SettingsSecrets {
    var sources: SettingsSources
    var environment: [String: String]

    private enum Key {
        static let bearer = "security.authorization.bearer"
        static let jwt = "security.authorization.jwt.key"
        static let admin = "admin.token"
    }

    /// Files that secrets are in.
    var files: [String] { (found(Key.bearer) + found(Key.jwt, plain: SecretSource.file) + found(Key.admin)).compactMap(\.path) }

    /// - Returns: A line for each mistake.
    func read(into settings: inout Settings) -> [String] {
        var mistakes: [String] = []
        func attempt(_ name: String, _ read: () throws(ValueError) -> Void) {
            do { try read() } catch { mistakes.append("\(sources.place(of: name)): \(name): \(error.problem); \(error.advice)") }
        }
        attempt(Key.bearer) { () throws(ValueError) in
            for source in found(Key.bearer) { settings.bearer += try source.tokens(environment: environment) }
        }
        attempt(Key.admin) { () throws(ValueError) in
            guard let source = found(Key.admin).first else { return }
            let tokens = try source.tokens(environment: environment)
            guard tokens.count == 1 else { throw ValueError("it has more than one token", advice: "leave one of them") }
            settings.admin.token = tokens.first
        }
        attempt(Key.jwt) { () throws(ValueError) in
            // Without an algorithm there is another mistake, and nothing to check the key for.
            guard settings.jwt != nil, let source = found(Key.jwt, plain: SecretSource.file).first else { return }
            var text = try source.text(environment: environment)
            while text.last?.isNewline == true { text.removeLast() }
            settings.jwt?.key = Secret(text)
            if let jwt = settings.jwt { try JWTKey.check(jwt) }
        }
        return mistakes
    }

    private func found(_ name: String, plain: (String) -> SecretSource = { .literal(Secret($0)) }) -> [SecretSource] {
        guard let key = SettingsSchema.key(name), let text = sources.text(of: key), !text.isEmpty else { return [] }
        return (key.isList ? SettingsKey.names(in: text) : [text]).map { SecretSource($0, plain: plain) }
    }
}
