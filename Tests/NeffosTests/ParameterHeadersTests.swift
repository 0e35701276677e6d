import Testing

@testable import Neffos

@Suite struct ParameterHeadersTests {
    private func headers(_ query: String, _ additional: [String] = []) -> [String: String] {
        ParameterHeaders(additional: additional).headers(in: "/echo?\(query)"[...])
    }

    @Test func `A listed name is taken in any letter case`() {
        #expect(headers("X-WEBSOCKET-header-x-USERNAME=ann") == ["x-username": "ann"])
        #expect(headers("a=b&X-Websocket-Header-X-Websocket-Reconnect=5") == ["x-websocket-reconnect": "5"])
    }

    @Test func `Values and names are form-decoded`() {
        #expect(headers("X-Websocket-Header-X%2DUsername=ann+b%C3%A9%26%3D") == ["x-username": "ann bé&="])
    }

    @Test func `Names that are not listed are not taken`() {
        #expect(headers("X-Websocket-Header-X-Role=admin").isEmpty)
        #expect(headers("X-Websocket-Header-X-Role=admin", ["x-role"]) == ["x-role": "admin"])
    }

    @Test(arguments: ["Host", "Origin", "Cookie", "Connection", "X-Forwarded-For", "X-Forwarded-Proto", "Sec-WebSocket-Key"])
    func `Headers of the request's own way are never taken, whatever the configuration says`(name: String) {
        #expect(headers("X-Websocket-Header-\(name)=x", [name]).isEmpty)
    }

    @Test func `The first of several counts, and an empty one is none`() {
        #expect(
            headers("X-Websocket-Header-X-Username=&X-Websocket-Header-X-Username=a&X-Websocket-Header-X-Username=b") == ["x-username": "a"]
        )
    }

    @Test(arguments: ["a%0d%0aX-Role:%20admin", "%00", "%FF", "%4", "%zz", "a%7F"])
    func `A value that no header could hold becomes one that nothing accepts`(value: String) {
        #expect(headers("X-Websocket-Header-X-Username=\(value)") == ["x-username": "\u{FFFD}"])
        #expect(!UpgradeRequest.isIdentity("\u{FFFD}"))
    }

    @Test func `Only so many parameters are looked at`() {
        let many = Array(repeating: "a=b", count: 64).joined(separator: "&")
        #expect(headers("\(many)&X-Websocket-Header-X-Username=me&more=1").isEmpty)
    }

    @Test func `A target without a query has none`() {
        #expect(ParameterHeaders().headers(in: "/echo").isEmpty)
        #expect(headers("").isEmpty)
    }
}
