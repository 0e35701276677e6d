/// Masks what a request holds that nobody should read over a shoulder. Pure.
enum Secrets {
    static let mask = "***"

    /// Parts of names that say that the value is a secret. One too many costs nothing.
    private static let words = [
        "token", "secret", "key", "passw", "pwd", "auth", "cookie", "session", "credential", "signature", "jwt", "bearer",
    ]

    /// Whether a header or parameter of this name is a secret.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "sig" || words.contains { name.contains($0) }
    }

    /// The value of a header as it may be shown: a target in it without the secrets of its query.
    static func header(_ name: String, _ value: String) -> String {
        // Some put a token where only subprotocols belong, because a browser lets them nothing else.
        if isSecret(name) || value.lowercased().contains("bearer") { return value.isEmpty ? "" : mask }
        return value.contains("?") ? target(value) : value
    }

    /// A request target, or a URL, with the values of secret parameters masked.
    static func target(_ text: String) -> String {
        guard let question = text.firstIndex(of: "?") else { return text }
        var result = String(text[...question])
        var rest = text[text.index(after: question)...]
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == "&" || $0 == ";" || $0 == "#" || $0 == "?" } ?? rest.endIndex
            result += parameter(rest[..<end])
            if end == rest.endIndex { break }
            result.append(rest[end])
            rest = rest[rest.index(after: end)...]
        }
        return result
    }

    private static func parameter(_ pair: Substring) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
        let name = pair[..<equals]
        // A name that cannot be read may be any.
        let isHidden = ParameterHeaders.decode(name).map(isSecret) ?? true
        let value = pair[pair.index(after: equals)...]
        if isHidden, !value.isEmpty { return name + "=" + mask }
        let isBearer = ParameterHeaders.decode(value)?.lowercased().contains("bearer") ?? false
        return isBearer ? name + "=" + mask : String(pair)
    }
}
