import NIOHTTP1
import Testing

@testable import Neffos

@Suite struct EdgeTrustedProxiesTests {
    private func client(_ trusted: [String], peer: String, _ headers: [(String, String)]) throws -> ClientAddress {
        let proxies = TrustedProxies(try trusted.map { try AddressRange(parsing: $0) })
        return proxies.client(peer: ClientAddress(try #require(IPAddress(peer)), port: 9), headers: HTTPHeaders(headers))
    }

    private func remote(_ forwarded: String..., peer: String = "10.0.0.1", trusted: [String] = ["10.0.0.0/8"]) throws -> String {
        try client(trusted, peer: peer, forwarded.map { ("X-Forwarded-For", $0) }).remote
    }

    @Test func `The last address that is not trusted is the client's`() throws {
        #expect(try remote("203.0.113.7") == "203.0.113.7:0")
        #expect(try remote("6.6.6.6, 203.0.113.7") == "203.0.113.7:0")
        #expect(try remote("6.6.6.6, 203.0.113.7, 10.2.2.2,10.3.3.3") == "203.0.113.7:0")
        #expect(try remote("6.6.6.6", "203.0.113.7", "10.2.2.2") == "203.0.113.7:0")
        #expect(try remote(" 203.0.113.7\t") == "203.0.113.7:0")
        #expect(try remote("2001:db8::7") == "[2001:db8::7]:0")
        #expect(try remote("::ffff:203.0.113.7, ::ffff:10.0.0.2") == "203.0.113.7:0")
    }

    @Test func `A port is taken where it is said`() throws {
        #expect(try remote("203.0.113.7:4711") == "203.0.113.7:4711")
        #expect(try remote("[2001:db8::7]:4711") == "[2001:db8::7]:4711")
        #expect(try remote("[2001:db8::7]") == "[2001:db8::7]:0")
    }

    @Test func `Where all are trusted the first is the client's`() throws {
        #expect(try remote("10.9.9.9, 10.2.2.2") == "10.9.9.9:0")
        #expect(try remote() == "10.0.0.1:9")
    }

    @Test(arguments: [
        "", "unknown", "_hidden", "203.0.113.7, ", "203.0.113.7:", "203.0.113.7:x", "203.0.113.7:70000", "[203.0.113.7]", "[::1", "a\0b",
    ])
    func `An entry that is no address ends the walk where it stands`(value: String) throws {
        #expect(try remote(value) == "10.0.0.1:9")
        #expect(try remote("203.0.113.9, \(value), 10.2.2.2") == "10.2.2.2:0")
    }

    @Test func `The walk is bounded`() throws {
        let hops = Array(repeating: "10.2.2.2", count: TrustedProxies.mostHops).joined(separator: ",")
        #expect(try remote("203.0.113.7," + hops) == "10.2.2.2:0")
        #expect(try remote("203.0.113.7," + hops.dropFirst("10.2.2.2,".count)) == "203.0.113.7:0")
    }

    @Test func `Who is not trusted is not believed`() throws {
        let headers = [("X-Forwarded-For", "10.0.0.9"), ("X-Forwarded-Proto", "https")]
        for trusted in [[], ["10.0.0.0/8"]] {
            let client = try client(trusted, peer: "192.0.2.1", headers)
            #expect(client.remote == "192.0.2.1:9")
            #expect(!client.isSecure)
        }
    }

    @Test func `A trusted peer tells the scheme, the last one where there are several`() throws {
        func isSecure(_ protos: String...) throws -> Bool {
            try client(["10.0.0.1"], peer: "10.0.0.1", protos.map { ("X-Forwarded-Proto", $0) }).isSecure
        }
        #expect(try isSecure("https"))
        #expect(try isSecure("HTTPS"))
        #expect(try isSecure("http", "https"))
        #expect(try !isSecure("https", "http"))
        #expect(try !isSecure("https, http"))
        #expect(try !isSecure("wss"))
        #expect(try !isSecure())
    }
}
