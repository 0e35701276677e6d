/// Headers that a browser, which cannot set any, sends as URL parameters: `?X-Websocket-Header-<Name>=<value>` (protocol section 1).
struct ParameterHeaders: Sendable {
    /// Lower-case names that are taken.
    private let allowed: Set<String>

    static let defaults = ["X-Websocket-Reconnect", "X-Username", "Authorization"]
    private static let prefix = "x-websocket-header-"
    /// Parameters that are looked at.
    private static let most = 64

    /// - Parameter additional: names beside the default ones. Those that could forge a request's origin or route are never taken.
    init(additional: [String] = []) {
        allowed = Set((Self.defaults + additional).map { $0.lowercased() }.filter { !Self.isForbidden($0) })
    }

    /// - Throws: what is wrong with a name that can never be taken, and what to write.
    static func check(_ name: String) throws(ConfigurationError) {
        let isToken = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        guard !name.isEmpty, isToken else {
            throw ConfigurationError("\"\(name)\" is no header name", advice: "write one like X-Username")
        }
        guard !isForbidden(name.lowercased()) else {
            throw ConfigurationError("the header \"\(name)\" is never taken from a URL", advice: "remove it")
        }
    }

    private static func isForbidden(_ name: String) -> Bool {
        ["host", "origin", "cookie", "connection"].contains(name) || name.hasPrefix("x-forwarded-") || name.hasPrefix("sec-")
    }

    /// The headers in the query of a request target: the first of several, an empty one is none. A value that no header could hold (control
    /// characters, no UTF-8, a broken escape) becomes U+FFFD, which nothing that judges a header lets pass.
    func headers(in target: Substring) -> [String: String] {
        var found: [String: String] = [:]
        guard let question = target.firstIndex(of: "?") else { return found }
        for pair in target[target.index(after: question)...].split(separator: "&", maxSplits: Self.most).prefix(Self.most) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.decode(parts[0])?.lowercased(), name.hasPrefix(Self.prefix) else { continue }
            let header = String(name.dropFirst(Self.prefix.count))
            guard allowed.contains(header), found[header] == nil, !parts[1].isEmpty else { continue }
            let value = Self.decode(parts[1])
            found[header] = value.flatMap { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? nil : $0 } ?? "\u{FFFD}"
        }
        return found
    }

    /// Form decoding: `+` is a space, `%XX` a byte; nil where that is no UTF-8 or an escape is cut short.
    static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? { Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init) }
}
