import NIOHTTP1

/// The token of an admin address (RFC 6750).
struct BearerToken: Sendable {
    /// What a refusal carries, so that a client knows what is wanted.
    static let challenge: HTTPHeaders = ["WWW-Authenticate": "Bearer realm=\"neffos admin\""]

    private let token: [UInt8]

    init(_ token: String) { self.token = Array(token.utf8) }

    func allows(_ headers: HTTPHeaders) -> Bool {
        // One that comes twice is nobody's honest request.
        let values = headers["Authorization"]
        guard values.count == 1, let value = values.first else { return false }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return isEqual(Array(parts[1].drop { $0 == " " }.utf8))
    }

    /// Takes as long whatever is wrong with `given`, but for its length.
    private func isEqual(_ given: [UInt8]) -> Bool {
        var difference = UInt8(given.count == token.count ? 0 : 1)
        for index in given.indices { difference |= given[index] ^ (token.isEmpty ? 1 : token[index % token.count]) }
        return difference == 0
    }
}
