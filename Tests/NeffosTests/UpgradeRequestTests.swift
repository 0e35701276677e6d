import NIOHTTP1
import Testing

@testable import Neffos

@Suite struct UpgradeRequestTests {
    private static let base: HTTPHeaders = [
        "Host": "test", "Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    private func judge(
        _ method: HTTPMethod = .GET, _ uri: String = "/echo", version: HTTPVersion = .http1_1, identity: String? = nil,
        origins: [String] = ["same"], parameters: [String] = [], _ change: (inout HTTPHeaders) -> Void = { _ in }
    ) -> UpgradeRequest.Verdict {
        var headers = Self.base
        change(&headers)
        return UpgradeRequest.judge(
            HTTPRequestHead(version: version, method: method, uri: uri, headers: headers), path: "/echo", identityHeader: identity,
            parameters: ParameterHeaders(additional: parameters + (identity.map { [$0] } ?? [])), origins: Origins(origins))
    }

    private func status(_ verdict: UpgradeRequest.Verdict) -> UInt? {
        if case .refuse(let refusal, _) = verdict { refusal.status.code } else { nil }
    }

    private func upgrade(_ verdict: UpgradeRequest.Verdict) -> UpgradeRequest? {
        if case .upgrade(let request) = verdict { request } else { nil }
    }

    @Test func `A sound upgrade is one, with nothing said`() {
        for uri in ["/echo", "/echo?a=b"] {
            #expect(
                judge(.GET, uri)
                    == .upgrade(
                        UpgradeRequest(
                            target: uri, headers: Self.base, tries: 0, previous: nil, identity: nil, hasBadTries: false, given: [:])))
        }
    }

    @Test func `A HEAD on the path is a probe, even with a foreign origin`() {
        #expect(judge(.HEAD) == .probe)
        #expect(judge(.HEAD) { $0.add(name: "Origin", value: "http://elsewhere") } == .probe)
    }

    @Test(arguments: ["/", "/ech", "/echo/", "/echoes", "/ECHO", "//echo", "/%65cho"])
    func `Another path is not found, whatever the method`(path: String) {
        #expect(status(judge(.GET, path)) == 404)
        #expect(status(judge(.HEAD, path)) == 404)
        #expect(status(judge(.POST, path)) == 404)
    }

    @Test func `Other methods are not allowed`() {
        guard case .refuse(let refusal, _) = judge(.POST) else { return #expect(Bool(false)) }
        #expect(refusal.status == .methodNotAllowed)
        #expect(refusal.headers == ["Allow": "GET", "X-Content-Type-Options": "nosniff"])
        #expect(refusal.reason == "Method Not Allowed")
    }

    @Test func `A GET that does not upgrade, or to another version, has to`() {
        #expect(status(judge { $0.remove(name: "Upgrade") }) == 426)
        #expect(status(judge { $0.replaceOrAdd(name: "Connection", value: "close") }) == 426)
        #expect(status(judge { $0.replaceOrAdd(name: "Sec-WebSocket-Version", value: "8") }) == 426)
        #expect(status(judge { $0.remove(name: "Sec-WebSocket-Version") }) == 426)
    }

    @Test func `What is malformed is a bad request`() {
        #expect(status(judge(version: .http1_0)) == 400)
        #expect(status(judge { $0.remove(name: "Host") }) == 400)
        #expect(status(judge { $0.add(name: "Host", value: "another") }) == 400)
        #expect(status(judge { $0.remove(name: "Sec-WebSocket-Key") }) == 400)
        #expect(status(judge { $0.replaceOrAdd(name: "Sec-WebSocket-Key", value: "short==") }) == 400)
        #expect(status(judge { $0.add(name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ==") }) == 400)
    }

    @Test(arguments: [
        ("0", 0, false), ("7", 7, false), ("2147483647", 2_147_483_647, false), ("2147483648", 0, true), ("-1", 0, true), ("+1", 0, true),
        ("", 0, true), ("1 ", 0, true), ("0x1", 0, true), ("٣", 0, true), ("00000000001", 0, true), ("1, 2", 0, true),
    ])
    func `Tries are digits, at most 2³¹−1`(text: String, tries: Int, isBad: Bool) {
        #expect(UpgradeRequest.tries(text) == (tries, isBad))
        #expect(UpgradeRequest.tries(nil) == (0, false))
    }

    @Test func `The first of several tries counts, and a parameter never overrides a header`() {
        let several = judge {
            $0.add(name: "X-Websocket-Reconnect", value: "3")
            $0.add(name: "x-websocket-reconnect", value: "4")
        }
        #expect(upgrade(several)?.tries == 3)
        let uri = "/echo?X-Websocket-Header-X-Websocket-Reconnect=9"
        #expect(upgrade(judge(.GET, uri))?.tries == 9)
        #expect(upgrade(judge(.GET, uri) { $0.add(name: "X-Websocket-Reconnect", value: "3") })?.tries == 3)
    }

    @Test func `An identity comes from its header or parameter`() {
        #expect(upgrade(judge(identity: "X-User") { $0.add(name: "X-User", value: "ann") })?.identity == "ann")
        #expect(upgrade(judge(.GET, "/echo?X-Websocket-Header-X-User=bob", identity: "X-User"))?.identity == "bob")
        #expect(upgrade(judge { $0.add(name: "X-User", value: "ann") })?.identity == nil)
        #expect(upgrade(judge(identity: "X-User") { $0.add(name: "X-User", value: "") }) != nil)
    }

    @Test(arguments: ["a;b", "neffos(0x1", "neffos(\u{301}x", "a\u{1B}b", "a\u{85}b", "\u{FFFD}", String(repeating: "x", count: 129)])
    func `A malformed identity refuses the upgrade`(identity: String) {
        #expect(status(judge(identity: "X-User") { $0.add(name: "X-User", value: identity) }) == 400)
        #expect(UpgradeRequest.isIdentity(String(repeating: "x", count: 128)))
    }

    @Test func `An identity in a parameter that is no UTF-8 refuses the upgrade too`() {
        #expect(status(judge(.GET, "/echo?X-Websocket-Header-X-User=%FF", identity: "X-User")) == 400)
        #expect(status(judge(.GET, "/echo?X-Websocket-Header-X-User=a%0ab", identity: "X-User")) == 400)
    }

    @Test func `A previous id that could be none is not one`() {
        #expect(upgrade(judge { $0.add(name: "X-Websocket-Previous", value: "abc") })?.previous == "abc")
        #expect(upgrade(judge { $0.add(name: "X-Websocket-Previous", value: "a;b") })?.previous == nil)
    }

    @Test func `Pages of other origins are refused unless they are listed`() {
        func from(_ origin: String, _ origins: [String] = ["same"]) -> UInt? {
            status(judge(origins: origins) { $0.add(name: "Origin", value: origin) })
        }
        #expect(from("http://test") == nil)
        #expect(from("https://TEST") == nil)
        #expect(from("http://test:81") == 403)
        #expect(from("null") == 403)
        #expect(from("http://elsewhere", ["same", "http://elsewhere"]) == nil)
        #expect(from("http://test", ["http://elsewhere"]) == 403)
        #expect(from("http://any", ["*"]) == nil)
    }
}
