import Foundation

/// Where a secret is: `file:/run/neffos/token`, `env:APP_TOKEN`, or, written out, in the value itself. Errors never repeat a value.
enum SecretSource: Equatable {
    case literal(Secret)
    case file(String)
    /// A variable of the environment.
    case variable(String)

    /// More than this is no token and no key.
    private static let mostBytes = 64 * 1024

    /// - Parameter plain: What a value without `file:` and `env:` is.
    init(_ text: String, plain: (String) -> SecretSource = { .literal(Secret($0)) }) {
        if text.hasPrefix("file:") {
            self = .file(String(text.dropFirst(5)))
        } else if text.hasPrefix("env:") {
            self = .variable(String(text.dropFirst(4)))
        } else {
            self = plain(text)
        }
    }

    /// The file that it is read from, for whoever watches for changes.
    var path: String? { if case .file(let path) = self { path } else { nil } }

    /// Checks what can be checked without reading anything.
    ///
    /// - Throws: ``ValueError`` for a reference without a name, or a written token that cannot be one.
    func check() throws(ValueError) {
        switch self {
        case .literal(let secret): try Self.checkToken(secret.value)
        case .file(let path):
            if path.isEmpty { throw ValueError("\"file:\" has no path", advice: "write one, like file:/etc/neffos/token") }
        case .variable(let name):
            let isName = name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
            guard !name.isEmpty, isName else {
                throw ValueError("\"env:\" has no variable's name", advice: "write one, like env:APP_TOKEN")
            }
        }
    }

    /// What is there now.
    ///
    /// - Throws: ``ValueError`` where there is nothing, or nothing readable.
    func text(environment: [String: String]) throws(ValueError) -> String {
        switch self {
        case .literal(let secret): return secret.value
        case .variable(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw ValueError("the variable \(name) is not set", advice: "set it, or name another with env:")
            }
            return value
        case .file(let path):
            let data: Data
            do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
                throw ValueError(
                    "the file \(path) cannot be read: \(SystemProblem.text(of: error))", advice: "check its path and permissions")
            }
            guard data.count <= Self.mostBytes, let text = String(data: data, encoding: .utf8) else {
                throw ValueError("the file \(path) is no text of at most 64 KiB", advice: "check its path")
            }
            return text
        }
    }

    /// The tokens that are there now: in a file one a line.
    ///
    /// - Throws: ``ValueError`` where there is none, or one that cannot be sent.
    func tokens(environment: [String: String]) throws(ValueError) -> [Secret] {
        let lines = try text(environment: environment).split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        let tokens = lines.filter { !$0.isEmpty }
        guard !tokens.isEmpty else {
            throw ValueError("\(path.map { "the file \($0)" } ?? "it") has no token", advice: "write one, as long and random as a password")
        }
        for token in tokens { try Self.checkToken(token) }
        return tokens.map(Secret.init)
    }

    /// What `Authorization: Bearer` can carry: RFC 6750 section 2.1.
    private static func checkToken(_ token: String) throws(ValueError) {
        let isToken = token.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._~+/=".utf8.contains(byte)
            }
        }
        guard !token.isEmpty, token.utf8.count <= 4096, isToken else {
            throw ValueError("a token has characters that none may have", advice: "use letters, digits and -._~+/= only, 4096 at most")
        }
    }
}
