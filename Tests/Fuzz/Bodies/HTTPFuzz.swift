import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
@testable import Neffos
import NeffosSession
import NeffosWire

/// What comes over a server's channel from the first byte on, what a server answers our client, and the texts that both may hold.
enum HTTPFuzz {
    /// A byte of choices, then the bytes.
    static func run(_ input: inout FuzzInput) throws {
        let choice = input.byte()
        let bytes = Array(input.rest)
        switch choice & 7 {
        case 0:
            let whole = try HTTPExchange.serve([bytes[...]])
            let pieces = try HTTPExchange.serve(cut(bytes, by: 1 + Int(choice >> 3)))
            try require(whole == pieces, "the reads change the answers: \(whole), \(pieces)")
        case 1...4: _ = try HTTPExchange.serve(cut(bytes, by: 8 + 4 * Int(choice >> 3)))
        case 5: try HTTPExchange.dial(bytes, probes: choice & 8 != 0)
        default: try texts(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func cut(_ bytes: [UInt8], by length: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<min($0 + length, bytes.count)] }
    }

    private static func texts(_ text: String) throws {
        let (tries, isBad) = UpgradeRequest.tries(text)
        try require((0...Int(Int32.max)).contains(tries) && (!isBad || tries == 0), "\(tries) tries")
        let found = ParameterHeaders(additional: ["Host", "X-Trace", "X-Forwarded-For"]).headers(in: text[...])
        let taken: Set = ["x-websocket-reconnect", "x-username", "authorization", "x-trace"]
        for (name, value) in found {
            try require(taken.contains(name), "the parameter \(name) is taken")
            try require(!value.isEmpty && !value.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "the parameter \(name) holds \(value)")
        }
        if UpgradeRequest.isIdentity(text) {
            let isSound = (1...128).contains(text.utf8.count) && !text.utf8.contains(UInt8(ascii: ";"))
            try require(isSound && !text.utf8.starts(with: "neffos(".utf8), "\(text) is an id")
        }
        if let decoded = ParameterHeaders.decode(text[...]) {
            try require(decoded.utf8.count <= text.utf8.count, "decoding makes it longer")
        }
        let origins = Origins(["same", "https://example.org"])
        try require(
            !origins.allow(text, host: "") || text.hasSuffix("://") || text.lowercased() == "https://example.org", "\(text) is an origin")
        for url in [text, "ws://" + text, "wss://[" + text] { try endpoint(url) }
    }

    private static func endpoint(_ text: String) throws {
        guard let url = try? EndpointURL(text) else { return }
        try require((1...65535).contains(url.port) && !url.host.isEmpty && url.target.hasPrefix("/"), "\(text) is \(url)")
        let again = try EndpointURL("\(url.isSecure ? "wss" : "ws")://\(url.hostHeader)\(url.target)")
        try require(again == url, "\(text) is \(url), and \(again)")
    }
}
