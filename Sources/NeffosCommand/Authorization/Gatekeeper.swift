import Neffos

/// Whether a client with this token may come in: `security.authorization`.
struct Gatekeeper: Sendable {
    private let bearer: [Secret]
    private let signed: SignedToken?
    let isOpen: Bool

    init(_ settings: Settings) async {
        bearer = settings.bearer
        if let jwt = settings.jwt { signed = await SignedToken(jwt) } else { signed = nil }
        // A key that cannot be used lets nobody in, rather than everybody.
        isOpen = settings.bearer.isEmpty && settings.jwt == nil
    }

    enum Decision: Equatable {
        /// With the name that the token gives the client, if it does.
        case accept(key: String?)
        /// `error` is nil where there was no token at all (RFC 6750 section 3.1).
        case refuse(reason: String, error: String?)
    }

    /// - Parameters:
    ///   - header: What `Authorization` says.
    ///   - now: Seconds since 1970.
    func decide(_ header: String?, at now: Double) -> Decision {
        if isOpen { return .accept(key: nil) }
        guard let header else { return .refuse(reason: "no token", error: nil) }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            return .refuse(reason: "no bearer token", error: "invalid_request")
        }
        let token = String(parts[1].drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        if isKnown(token) { return .accept(key: nil) }
        guard let signed else { return .refuse(reason: "unknown token", error: "invalid_token") }
        do throws(SignedToken.Problem) {
            let subject = try signed.subject(of: token, at: now)
            if let subject, !ConfigurationCheck.isIdentity(subject) { throw .badSubject }
            return .accept(key: subject)
        } catch {
            return .refuse(reason: error.rawValue, error: "invalid_token")
        }
    }

    /// Takes as long for a token that is nearly right as for any other of its length.
    private func isKnown(_ token: String) -> Bool {
        let given = Array(token.utf8)
        var isKnown = false
        for secret in bearer {
            let expected = Array(secret.value.utf8)
            var difference = UInt8(given.count == expected.count ? 0 : 1)
            for (index, byte) in expected.enumerated() { difference |= byte ^ (index < given.count ? given[index] : ~byte) }
            if difference == 0 { isKnown = true }
        }
        return isKnown
    }
}
