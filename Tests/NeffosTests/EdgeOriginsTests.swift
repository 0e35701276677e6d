import Testing

@testable import Neffos

@Suite struct EdgeOriginsTests {
    private func allows(_ names: [String], _ origin: String, host: String = "example.org", isSecure: Bool = false) -> Bool {
        Origins(names).allow(origin, host: host, isSecure: isSecure)
    }

    @Test(arguments: [
        ("https://example.org", "example.org"), ("http://example.org", "example.org"), ("https://EXAMPLE.org", "Example.ORG"),
        ("https://example.org", "example.org:443"), ("https://example.org:443", "example.org"), ("http://example.org:80", "example.org:80"),
        ("http://example.org:8080", "example.org:8080"), ("http://[::1]:8080", "[0:0::1]:8080"), ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("https://example.org", "example.org:"),
    ])
    func `The same is the host and port that was asked`(origin: String, host: String) { #expect(allows(["same"], origin, host: host)) }

    @Test(arguments: [
        ("https://example.org", "example.org:80"), ("http://example.org", "example.org:443"), ("http://example.org:81", "example.org"),
        ("https://example.org.", "example.org"), ("https://example.org.evil", "example.org"), ("https://evilexample.org", "example.org"),
        ("https://example.org@evil", "example.org"), ("https://evil#example.org", "example.org"), ("https://example.org/", "example.org"),
        ("https://example.org evil", "example.org"), ("example.org", "example.org"), ("//example.org", "example.org"),
        ("://example.org", "example.org"), ("null", "null"), ("", ""), ("https://", ""), ("file://", ""), ("https://example.org", ""),
        ("capacitor://example.org", "example.org"), ("https://example.org:", "example.org:80"),
        ("https://a,https://example.org", "example.org"),
    ])
    func `Anything else is another`(origin: String, host: String) { #expect(!allows(["same"], origin, host: host)) }

    @Test func `Where the client is known to speak TLS a page without it is another`() {
        #expect(allows(["same"], "https://example.org", isSecure: true))
        #expect(!allows(["same"], "http://example.org", isSecure: true))
        #expect(allows(["http://example.org"], "http://example.org", isSecure: true))
    }

    @Test func `Listed origins count in any way to write them`() {
        let listed = ["https://Example.org:443", "http://localhost:3000", "http://[::1]", "chrome-extension://abcdef"]
        for origin in [
            "https://example.org", "https://EXAMPLE.ORG:443", "http://localhost:3000", "http://[0::1]:80", "chrome-extension://abcdef",
        ] {
            #expect(allows(listed, origin, host: "elsewhere"), "\(origin)")
        }
        for origin in ["http://example.org", "https://example.org:444", "http://localhost", "https://sub.example.org", "null", ""] {
            #expect(!allows(listed, origin, host: "elsewhere"), "\(origin)")
        }
    }

    @Test func `An opaque origin has to be listed, and a star takes all`() {
        #expect(!allows(["same", "https://example.org"], "null"))
        #expect(allows(["null"], "null"))
        for origin in ["null", "https://anything", "nonsense", ""] { #expect(allows(["*"], origin)) }
        #expect(!allows([], "https://example.org"))
    }

    @Test(arguments: [
        "example.org", "https://example.org/", "https://*.example.org", "https://", "Same", "https://a b", "//a", "https://a:99999", "",
    ])
    func `What is no origin is refused in a configuration`(name: String) {
        #expect(throws: ConfigurationError.self) { try Origins.check(name) }
    }

    @Test(arguments: ["same", "*", "null", "https://example.org", "http://localhost:3000", "https://[::1]:8443", "app://x"])
    func `What is one is taken`(name: String) { #expect(throws: Never.self) { try Origins.check(name) } }

    @Test(arguments: ["Host", "origin", "COOKIE", "X-Forwarded-For", "Sec-WebSocket-Key", "Connection", "", "a b", "a:b", "ä"])
    func `Headers that are never taken from a URL are refused in a configuration`(name: String) {
        #expect(throws: ConfigurationError.self) { try ParameterHeaders.check(name) }
        #expect(throws: Never.self) { try ParameterHeaders.check("X-Token") }
    }
}
