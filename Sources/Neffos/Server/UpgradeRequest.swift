public import NIOHTTP1

/// A request to become a connection (protocol section 1): what a server's hooks decide by.
public struct UpgradeRequest: Sendable, Equatable {
    /// `address:port` of the client.
    public internal(set) var remote = ""
    /// What stands after the method: the path and, after a `?`, the query.
    public let target: String
    /// As they came; see ``header(_:)`` for those that a browser sends as URL parameters.
    public let headers: HTTPHeaders
    /// Attempts the client made in this outage; 0 for a first connection.
    public let tries: Int
    /// The id it says it had before.
    public let previous: String?
    /// Who the client is across connections: the value of the identity header, or what ``ServerHooks/authorize`` said.
    public internal(set) var identity: String?
    /// Whether it said something else than a number of tries.
    let hasBadTries: Bool
    /// Headers that came as URL parameters, by lower-case name.
    let given: [String: String]

    /// Whether it comes back after a drop.
    public var wasReconnected: Bool { tries > 0 }

    /// The first header of this name, in any letter case, or else an allowed URL parameter `X-Websocket-Header-<name>` (protocol section 1).
    public func header(_ name: String) -> String? { headers.first(name: name) ?? given[name.lowercased()] }

    /// Whether a request is a client's question whether the server is there again, rather than a failed upgrade.
    public static func isTryingToReconnect(_ head: HTTPRequestHead) -> Bool { head.method == .HEAD }

    enum Verdict: Equatable {
        case probe
        case upgrade(UpgradeRequest)
        case refuse(Refusal, tries: Int)
    }

    struct Refusal: Equatable {
        var status: HTTPResponseStatus
        var reason: String
        var headers: HTTPHeaders = [:]
        /// Whether an upgrade was meant: those are published.
        var wasUpgrade = false
    }

    static func judge(
        _ head: HTTPRequestHead, path: String, identityHeader: String?, parameters: ParameterHeaders, origins: Origins,
        isSecure: Bool = false
    ) -> Verdict {
        guard Self.path(of: head) == path else {
            return .refuse(Refusal(status: .notFound, reason: "not found"), tries: 0)
        }
        switch head.method {
        case .HEAD: return .probe
        case .GET: break
        default:
            return .refuse(
                Refusal(
                    status: .methodNotAllowed, reason: "Method Not Allowed", headers: ["Allow": "GET", "X-Content-Type-Options": "nosniff"]),
                tries: 0)
        }
        let isUpgrade = wantsUpgrade(head) && head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
        guard isUpgrade, head.headers.first(name: "Sec-WebSocket-Version") == "13" else {
            return .refuse(
                Refusal(
                    status: .upgradeRequired, reason: "upgrade to websocket, version 13",
                    headers: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Connection": "Upgrade"], wasUpgrade: isUpgrade),
                tries: 0)
        }
        let given = parameters.headers(in: head.uri[...])
        // A parameter never overrides or extends a header that the request really has.
        func value(_ name: String) -> String? { head.headers.first(name: name) ?? given[name.lowercased()] }

        let (tries, isBad) = Self.tries(value("X-Websocket-Reconnect"))
        func refuse(_ status: HTTPResponseStatus, _ reason: String) -> Verdict {
            .refuse(Refusal(status: status, reason: reason, wasUpgrade: true), tries: tries)
        }
        guard head.version.major == 1, head.version.minor >= 1 else { return refuse(.badRequest, "HTTP/1.1 is needed") }
        let hosts = head.headers["host"]
        guard hosts.count == 1 else { return refuse(.badRequest, "one Host header is needed") }
        guard Authority(hosts[0]) != nil else { return refuse(.badRequest, "malformed Host") }
        guard !head.headers.contains(name: "Transfer-Encoding") else { return refuse(.badRequest, "an upgrade has no body") }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, isKey(keys[0]) else { return refuse(.badRequest, "malformed Sec-WebSocket-Key") }
        let pages = head.headers["origin"]
        guard pages.count <= 1 else { return refuse(.badRequest, "more than one Origin header") }
        if let origin = pages.first, !origins.allow(origin, host: hosts[0], isSecure: isSecure) {
            return refuse(.forbidden, "origin \(origin) is not allowed")
        }
        let identity = identityHeader.flatMap(value)
        if let identity, !identity.isEmpty, !isIdentity(identity) { return refuse(.badRequest, "malformed identity") }
        let previous = head.headers.first(name: "X-Websocket-Previous").flatMap { isIdentity($0) ? $0 : nil }
        return .upgrade(
            UpgradeRequest(
                target: head.uri, headers: head.headers, tries: tries, previous: previous,
                identity: identity.flatMap { $0.isEmpty ? nil : $0 }, hasBadTries: isBad, given: given))
    }

    /// What of the target names the endpoint.
    static func path(of head: HTTPRequestHead) -> Substring { head.uri.prefix { $0 != "?" && $0 != "#" } }

    /// Whether the request would turn the connection into something else, whatever that is.
    static func wantsUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "Upgrade") && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// Digits only, at most 2³¹−1; else 0 and bad.
    static func tries(_ text: String?) -> (tries: Int, isBad: Bool) {
        guard let text else { return (0, false) }
        guard !text.isEmpty, text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let tries = Int32(text) else {
            return (0, true)
        }
        return (Int(tries), false)
    }

    /// Sixteen bytes in base 64.
    private static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes.hasSuffix("==") else { return false }
        return bytes.dropLast(2).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }

    /// What may be an id or a key: protocol section 2.
    static func isIdentity(_ text: String) -> Bool {
        // By bytes, as the wire compares: a mark behind it would make another character of the bracket.
        guard (1...128).contains(text.utf8.count), !text.utf8.starts(with: "neffos(".utf8) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            // Header values arrive as bytes; what was no UTF-8 was repaired with U+FFFD.
            scalar != ";" && scalar != "\u{FFFD}" && scalar.properties.generalCategory != .control
        }
    }
}

extension Array where Element == UInt8 {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && suffix(text.utf8CodeUnitCount).elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
