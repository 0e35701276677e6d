import JWTKit

/// The key that signed tokens are checked with.
enum JWTKey {
    /// RFC 7518 section 3.2: no shorter than the hash.
    private static let leastSecretBytes = 32

    /// - Throws: ``ValueError`` where the text is no key for the algorithm. The text itself is not in it.
    static func check(_ settings: Settings.JWT) throws(ValueError) {
        let text = settings.key.value
        switch settings.algorithm {
        case .HS256:
            guard !text.hasPrefix("-----BEGIN") else {
                throw ValueError("a key in PEM is no secret", advice: "set the algorithm to RS256 or ES256, or write a secret")
            }
            guard text.utf8.count >= leastSecretBytes else {
                throw ValueError("the secret is shorter than \(leastSecretBytes) bytes", advice: "write a longer one, at random")
            }
        case .RS256:
            guard rsa(text) != nil else {
                throw ValueError(
                    "it is no RSA public key of at least 2048 bits", advice: "write the public key, or its certificate, as PEM")
            }
        case .ES256:
            guard ecdsa(text) != nil else {
                throw ValueError("it is no P-256 public key", advice: "write the public key, or its certificate, as PEM")
            }
        }
    }

    /// What checks signatures; nil for a key that ``check(_:)`` refuses.
    static func algorithm(_ settings: Settings.JWT) async -> (any JWTAlgorithm)? {
        let text = settings.key.value
        let keys = JWTKeyCollection()
        switch settings.algorithm {
        case .HS256: await keys.add(hmac: HMACKey(from: text), digestAlgorithm: .sha256)
        case .RS256:
            guard let key = rsa(text) else { return nil }
            await keys.add(rsa: key, digestAlgorithm: .sha256)
        case .ES256:
            guard let key = ecdsa(text) else { return nil }
            await keys.add(ecdsa: key)
        }
        return try? await keys.getKey()
    }

    private static func rsa(_ text: String) -> Insecure.RSA.PublicKey? {
        (try? Insecure.RSA.PublicKey(pem: text)) ?? (try? Insecure.RSA.PublicKey(certificatePEM: text))
    }

    private static func ecdsa(_ text: String) -> ES256PublicKey? {
        (try? ES256PublicKey(pem: text)) ?? (try? ES256PublicKey(certificate: text))
    }
}
