import NIOSSL
import NeffosFeed

/// What stands between a client and a server that has to speak TLS, in words, where the library's name a place in its source.
enum TLSProblem {
    /// - Parameters:
    ///   - host: whom the certificate has to name.
    ///   - peer: the server's certificate, as far as it came.
    /// - Returns: nil for what is no matter of TLS.
    static func text(of error: any Error, host: String, peer: NIOSSLCertificate?, at time: FeedTime) -> String? {
        switch error {
        case NIOSSLError.handshakeFailed(let reason):
            let words = words(of: "\(reason)")
            // The library does not say what it has against a certificate.
            guard words == "certificate verify failed" else { return "TLS: \(words)" }
            let fault = peer.flatMap { CertificateTerm($0).fault(at: time) }
            return "TLS: the server's certificate \(fault ?? "is of no issuer that is trusted here")"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch:
            return "TLS: the server's certificate is not for the name \(host)"
        case let reason as BoringSSLError: return "TLS: \(words(of: "\(reason)"))"
        case NIOSSLError.noCertificateToValidate: return "TLS: the server has no certificate"
        case NIOSSLError.uncleanShutdown: return "the connection was cut"
        default: return nil
        }
    }

    /// `wrong version number`, where the library names a place in its source too.
    private static func words(of reason: String) -> String {
        guard let start = reason.firstRange(of: "OPENSSL_internal:")?.upperBound else {
            return reason.contains("EOF during handshake") ? "the connection was lost during the handshake" : reason
        }
        let name = reason[start...].prefix { $0 != " " && $0 != "]" }
        return name.lowercased().replacing("_", with: " ")
    }
}
