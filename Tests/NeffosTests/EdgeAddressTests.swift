import Testing

@testable import Neffos

@Suite struct EdgeAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
    ])
    func `An address reads back in its usual form`(text: String, usual: String) throws {
        #expect(try #require(IPAddress(text)).description == usual)
        #expect(IPAddress(usual) == IPAddress(text))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\0", "1.2.3.4\n", "0x1.2.3.4", "1.2.3.-4",
        "::1%eth0",
        "[::1]", ":::", "1::2::3", "12345::", "g::", "::1/64", "localhost", "１.2.3.4", String(repeating: "1:", count: 30),
    ])
    func `What is no address is none`(text: String) { #expect(IPAddress(text) == nil) }

    @Test(arguments: [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["11.0.0.0", "9.255.255.255", "::a00:0"]),
        ("192.0.2.1", ["192.0.2.1"], ["192.0.2.0", "192.0.2.2"]),
        ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127"]),
        ("0.0.0.0/0", ["1.2.3.4", "255.255.255.255"], ["::1", "2001:db8::1"]),
        ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db9::", "192.0.2.1"]),
        ("2001:db8::/65", ["2001:db8::1", "2001:db8::7fff:0:0:0"], ["2001:db8::8000:0:0:0"]), ("::1/128", ["::1"], ["::2"]),
        ("::/0", ["::1", "192.0.2.1"], []), ("::ffff:10.0.0.0/8", ["10.9.9.9"], ["11.0.0.0"]),
    ])
    func `A range has the addresses with its first bits`(text: String, inside: [String], outside: [String]) throws {
        let range = try AddressRange(parsing: text)
        for address in inside { #expect(range.contains(try #require(IPAddress(address))), "\(address)") }
        for address in outside { #expect(!range.contains(try #require(IPAddress(address))), "\(address)") }
    }

    @Test(arguments: [
        (
            "10.0.0.0/33",
            "\"10.0.0.0/33\" has no length of 0 to 32 after its /; write an address or a range, like 10.0.0.0/8 or 2001:db8::/32"
        ),
        ("10.0.0.1/8", "\"10.0.0.1/8\" has bits set behind its /8; write 10.0.0.0/8"),
        ("2001:db8::1/32", "\"2001:db8::1/32\" has bits set behind its /32; write 2001:db8::/32"),
        ("proxy", "\"proxy\" is no address or range of addresses; write an address or a range, like 10.0.0.0/8 or 2001:db8::/32"),
    ])
    func `A bad range is one line that says what to write`(text: String, line: String) {
        let error = #expect(throws: ConfigurationError.self) { try AddressRange(parsing: text) }
        #expect(error?.description == line)
    }

    @Test(arguments: ["", "/", "1.2.3.4/", "1.2.3.4/x", "1.2.3.4/+8", "1.2.3.4/8/8", "::/129", "[::1]/128", "1.2.3.4/0008"])
    func `What is no range is refused`(text: String) { #expect(throws: ConfigurationError.self) { try AddressRange(parsing: text) } }

    @Test func `A bad entry in a server's configuration is told at the start`() async {
        await #expect(throws: ConfigurationError.self) {
            try await ServerFixture.run(.defaultRelay) {
                $0.trustedProxies = ["10.0.0.0/33"]
            } _: { _ in
            }
        }
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerFixture.run(.defaultRelay) {
                $0.origins = ["example.org"]
            } _: { _ in
            }
        }
        #expect(
            error?.description
                == "origins: \"example.org\" is no origin; write a scheme, a host and perhaps a port, like https://example.org or "
                + "http://localhost:3000, or same, * or null")
    }

    @Test func `A bad entry of another endpoint at the same address is told too`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        let first = Server(configuration: configuration, handlers: .defaultRelay, logger: ServerFixture.logger)
        configuration.path = "/other"
        configuration.trustedProxies = ["nonsense"]
        let other = Server(configuration: configuration, handlers: .defaultRelay, logger: ServerFixture.logger)
        await #expect(throws: ConfigurationError.self) { try await first.start(with: [other]) }
        // Nothing was begun.
        try await first.start()
        await first.shutdown(grace: .zero)
    }

    @Test(
        arguments: [
            ("example.org", "example.org", nil), ("EXAMPLE.org:443", "example.org", 443), ("example.org:", "example.org", nil),
            ("[2001:DB8:0::1]:80", "[2001:db8::1]", 80), ("[::1]", "[::1]", nil), ("127.0.0.1:0", "127.0.0.1", 0),
            ("a_b-c.d", "a_b-c.d", nil),
        ] as [(String, String, Int?)])
    func `A host and port are told apart`(text: String, host: String, port: Int?) throws {
        let authority = try #require(Authority(text))
        #expect(authority.host == host)
        #expect(authority.port == port)
    }

    @Test(arguments: [
        "", ":80", "a b", "a:b", "a:65536", "a:80:80", "user@host", "host/path", "host?x", "[::1", "[::1]x", "[127.0.0.1]", "::1", "a,b",
        "a\u{0}b",
        "exämple.org", "a:+80", String(repeating: "a", count: 513),
    ])
    func `What is no host is none`(text: String) { #expect(Authority(text) == nil) }
}
