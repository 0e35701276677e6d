/// One key of the configuration: where it stands, what may be its value, what it is without one, and what it is for.
struct SettingsKey: Sendable {
    /// What a value has to be.
    enum Kind: Sendable, Equatable {
        case address
        /// A path of a URL.
        case urlPath
        /// A path of a file that has to be there.
        case file
        case text
        /// A path of a file that is written.
        case outputFile
        /// A token: `file:PATH`, `env:NAME`, or itself.
        case token
        /// One or several of them.
        case tokens
        /// A key: a file's path, or `env:NAME`.
        case keySource
        /// A socket, HOST:PORT, or none.
        case adminAddress
        /// Ids of lints.
        case lints
        /// The name of an HTTP header.
        case header
        case choice([String])
        case duration(atLeast: Int64, atMost: Int64 = .max)
        case size(atLeast: Int, atMost: Int = .max)
        case count(ClosedRange<Int>)
        /// A number from 0 to 100.
        case percent
        case names
        /// Pages that may connect.
        case origins
        /// Names of HTTP headers that may come in a URL.
        case parameterHeaders
        /// Addresses and ranges of addresses.
        case addresses
        /// `{namespace: [rooms]}`
        case roomsByNamespace
        /// `{namespace: {event: action}}`
        case relay
    }

    var path: [String]
    var kind: Kind
    /// As it would be written; nil for none. A list's names are divided by commas.
    var standard: String?
    var doc: String

    init(_ path: String, _ kind: Kind, _ standard: String?, _ doc: String) {
        self.path = path.split(separator: ".").map(String.init)
        self.kind = kind
        self.standard = standard
        self.doc = doc
    }

    /// `limits.messageBytes`
    var name: String { path.joined(separator: ".") }

    /// Whether the value is a mapping whose names the user chooses; such a key has no environment variable.
    var isTable: Bool { kind == .roomsByNamespace || kind == .relay }

    /// Whether the value is a list, which the environment divides by commas.
    var isList: Bool {
        switch kind {
        case .names, .origins, .parameterHeaders, .addresses, .tokens, .lints: true
        default: false
        }
    }

    /// Whether the value is nobody's to see.
    var isSecret: Bool { kind == .token || kind == .tokens }

    /// Whether a change is taken over while the server runs.
    var isReloadable: Bool { SettingsSchema.reloadable.contains { name == $0 || name.hasPrefix($0 + ".") } }

    /// `NEFFOS_LIMITS_MESSAGE_BYTES`
    var environmentName: String { Self.environmentName(of: path) }

    static func environmentName(of path: [String]) -> String {
        let words = path.map { part in
            var word = ""
            for character in part {
                if character.isUppercase { word.append("_") }
                word.append(contentsOf: character == "-" ? "_" : character.uppercased())
            }
            return word
        }
        return (["NEFFOS"] + words).joined(separator: "_")
    }
}
