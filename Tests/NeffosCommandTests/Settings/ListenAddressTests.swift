import Testing

@testable import NeffosCommand

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("example.org:80", "example.org", 80), ("[::1]:8080", "::1", 8080),
        ("localhost:0", "localhost", 0),
        ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535),
    ])
    func `host and port are taken apart`(text: String, host: String, port: Int) throws {
        let address = try ListenAddress(parsing: text)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", "8080", ":8080", "localhost", "localhost:", "localhost:65536", "localhost:-1", "localhost:http", "::1:8080", "[::1]", "[::1",
        "[]:80",
        "[localhost]:80", "a b:80", "host/path:80", "ws://host:80",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: ValueError.self) { try ListenAddress(parsing: text) }
    }

    @Test func `an address without a host says how to listen everywhere`() {
        #expect(throws: ValueError("\":80\" has no host", advice: "write 0.0.0.0:80 to listen on all addresses")) {
            try ListenAddress(parsing: ":80")
        }
    }
}
