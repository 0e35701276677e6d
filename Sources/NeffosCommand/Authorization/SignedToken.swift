import Foundation
import JWTKit

/// Checks signed tokens: JSON Web Tokens (RFC 7519) of one algorithm, whose time and purpose are right.
struct SignedToken: Sendable {
    private let settings: Settings.JWT
    private let algorithm: any JWTAlgorithm

    /// More than this is no token, and not worth a look.
    private static let mostBytes = 8 * 1024

    /// nil for a key that ``JWTKey/check(_:)`` refuses.
    init?(_ settings: Settings.JWT) async {
        guard let algorithm = await JWTKey.algorithm(settings) else { return nil }
        self.settings = settings
        self.algorithm = algorithm
    }

    /// Why a token is not taken; what a client and the feed are told. It never has anything of the token in it.
    enum Problem: String, Error {
        case malformed = "malformed token"
        case otherAlgorithm = "the token is signed in another way"
        case badSignature = "the token's signature is wrong"
        case expired = "the token has expired"
        case early = "the token is not valid yet"
        case otherIssuer = "the token is of another issuer"
        case otherAudience = "the token is for another audience"
        case badSubject = "the token's subject cannot be a client's name"
    }

    private struct Header: Decodable {
        var alg: String
        var crit: [String]?
    }

    private struct Claims: Decodable {
        var sub: String?
        var iss: String?
        var aud: Audience?
        var exp: Double?
        var nbf: Double?
    }

    /// One or several.
    private struct Audience: Decodable {
        var names: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) { names = [name] } else { names = try container.decode([String].self) }
        }
    }

    /// - Parameter now: seconds since 1970.
    /// - Returns: the subject; nil where the token has none.
    func subject(of token: String, at now: Double) throws(Problem) -> String? {
        guard token.utf8.count <= Self.mostBytes else { throw .malformed }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Self.decoded(parts[0]), let body = Self.decoded(parts[1]),
            let signature = Self.decoded(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: head)
        else { throw .malformed }
        // The key's own algorithm checks the signature whatever the header says; a header that says another is still wrong.
        guard header.alg == settings.algorithm.rawValue, header.crit == nil else { throw .otherAlgorithm }
        let signed = Data(parts[0]) + [UInt8(ascii: ".")] + Data(parts[1])
        guard (try? algorithm.verify(signature, signs: signed)) == true else { throw .badSignature }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: body) else { throw .malformed }

        let leeway = Double(settings.leeway.milliseconds) / 1000
        if let end = claims.exp, now >= end + leeway { throw .expired }
        if let start = claims.nbf, now < start - leeway { throw .early }
        if let issuer = settings.issuer, claims.iss != issuer { throw .otherIssuer }
        if let audience = settings.audience, claims.aud?.names.contains(audience) != true { throw .otherAudience }
        return claims.sub
    }

    /// Base 64 for URLs, without padding: RFC 7515 section 2.
    private static func decoded(_ part: Substring.UTF8View) -> Data? {
        guard !part.isEmpty, !part.contains(UInt8(ascii: "=")), !part.contains(UInt8(ascii: "+")), !part.contains(UInt8(ascii: "/")) else {
            return nil
        }
        var text = part.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(text))
    }
}
