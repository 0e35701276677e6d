import NIOCore
import Testing

@testable import Neffos

@Suite struct ClientEndpointURLTests {
    @Test(arguments: [
        ("ws://example.org/echo", false, "example.org", 80, "/echo", "example.org"),
        ("WSS://example.org", true, "example.org", 443, "/", "example.org"),
        ("ws://127.0.0.1:8080/a/b?x=1&y=%20", false, "127.0.0.1", 8080, "/a/b?x=1&y=%20", "127.0.0.1:8080"),
        ("wss://[::1]:9/echo", true, "::1", 9, "/echo", "[::1]:9"),
        ("ws://[fe80::1%25eth0]", false, "fe80::1%25eth0", 80, "/", "[fe80::1%25eth0]"),
        ("ws://host?q", false, "host", 80, "/?q", "host"),
        ("wss://host:80/", true, "host", 80, "/", "host:80"),
    ]) func `A URL is taken apart`(_ text: String, _ secure: Bool, _ host: String, _ port: Int, _ target: String, _ header: String) throws {
        let url = try EndpointURL(text)
        #expect(url.isSecure == secure)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.hostHeader == header)
    }

    @Test(arguments: [
        ("ws+unix:///run/neffos/8080.sock:/feed", false, "/run/neffos/8080.sock", "/feed"),
        ("WSS+UNIX:///s", true, "/s", "/"),
        ("ws+unix:///a%20b%3Ac+d.sock:/feed?x=1:2", false, "/a b:c+d.sock", "/feed?x=1:2"),
        ("ws+unix:///s:?q", false, "/s", "/?q"),
    ]) func `A URL of a Unix socket is taken apart`(_ text: String, _ secure: Bool, _ path: String, _ target: String) throws {
        let url = try EndpointURL(text)
        #expect(url.isSecure == secure)
        #expect(url.socketPath == path)
        #expect(url.target == target)
        #expect(url.hostHeader == "localhost")
        let address = try SocketAddress(unixDomainSocketPath: path)
        let written = EndpointURL.text(of: address, path: target, isSecure: secure)
        #expect(try EndpointURL(written) == url)
    }

    @Test(arguments: [
        "", "example.org", "http://example.org/", "ws:/example.org", "ws://", "ws:///echo", "ws://host:", "ws://host:0", "ws://host:65536",
        "ws://host:8x", "ws://host:+8", "ws://user@host/", "ws://host/a b", "ws://host/\r\nX: y", "ws://host/#part", "ws://höst/",
        "ws://[::1", "ws://[::1]8", "ws://[host]/", "ws://[]/",
        "ws+unix://host/s:/feed", "ws+unix://:/feed", "ws+unix://", "ws+unix:///a%", "ws+unix:///a%00b:/", "ws+unix:///%FF:/", "unix:///s",
        "ws+unix:///" + String(repeating: "x", count: 108), "ws+unix:///s:/#f",
    ]) func `What is no URL of an endpoint is refused with one line`(_ text: String) {
        #expect {
            _ = try EndpointURL(text)
        } throws: { error in
            guard case .invalidURL(let line)? = error as? ClientError else { return false }
            return !line.contains("\n") && !line.contains("\r")
        }
    }
}
