import Testing

@testable import NeffosCommand

@Suite struct SourceAddressesTests {
    @Test func `one address is enough for few connections, and elsewhere than on loopback`() {
        #expect(SourceAddresses.automatic(connections: 19_000, host: "127.0.0.1", ports: 28_232) == nil)
        #expect(SourceAddresses.automatic(connections: 90_000, host: "10.0.0.7", ports: 28_232) == nil)
        #expect(SourceAddresses.automatic(connections: 90_000, host: "::1", ports: 28_232) == nil)
    }

    @Test func `past the ports of one there are as many as are needed`() {
        #expect(SourceAddresses.automatic(connections: 28_000, host: "127.0.0.1", ports: 28_232) == ["127.0.0.1", "127.0.0.2"])
        #expect(SourceAddresses.automatic(connections: 100_000, host: "localhost", ports: 28_232)?.count == 6)
        #expect(SourceAddresses.automatic(connections: 1_000_000, host: "127.0.0.1", ports: 10)?.count == 250)
    }

    @Test(arguments: [
        ("ws://127.0.0.1:8080/echo", "127.0.0.1", 8080), ("ws://[::1]:81/x?y=[z", "::1", 81), ("wss://example.org", "example.org", 443),
        ("ws://example.org/a:b", "example.org", 80), ("nonsense", "", 0),
    ])
    func `host and port are taken from the URL`(url: String, host: String, port: Int) {
        #expect(SourceAddresses.host(of: url) == host)
        #expect(SourceAddresses.port(of: url) == port)
    }
}
