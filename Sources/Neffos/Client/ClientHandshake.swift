import NIOHTTP1
import NIOWebSocket

/// The client's side of the opening handshake (RFC 6455 section 4.1). Pure, but for the random key.
struct ClientHandshake: Sendable {
    let request: HTTPRequestHead
    private let key: String

    /// - Parameter headers: of two of the same name, the later one counts; those of the handshake are left out.
    init(url: EndpointURL, userAgent: String, headers: [(String, String)], key: String = NIOWebSocketClientUpgrader.randomRequestKey()) {
        self.key = key
        var fields: HTTPHeaders = [
            "Host": url.hostHeader, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            "User-Agent": userAgent,
        ]
        for (name, value) in headers where !Self.isReserved(name) { fields.replaceOrAdd(name: name, value: value) }
        request = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: fields)
    }

    private static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("sec-websocket-") || ["host", "upgrade", "connection", "content-length", "transfer-encoding"].contains(name)
    }

    /// What is wrong with a 101, nil where nothing is.
    func fault(in response: HTTPResponseHead) -> String? {
        let upgrade = response.headers[canonicalForm: "upgrade"]
        guard upgrade.count == 1, upgrade[0].lowercased() == "websocket" else { return "Upgrade is not websocket" }
        guard response.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return "Connection is not Upgrade"
        }
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        guard upgrader.shouldAllowUpgrade(upgradeResponse: response) else { return "Sec-WebSocket-Accept does not answer our key" }
        guard response.headers["sec-websocket-extensions"].allSatisfy(\.isEmpty) else { return "an extension was not asked for" }
        guard response.headers["sec-websocket-protocol"].isEmpty else { return "a subprotocol was not asked for" }
        return nil
    }
}
