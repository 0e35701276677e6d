import Neffos

/// What to do about a server that a client does not come to, by what the client said of it.
enum ReachAdvice {
    /// Where the server is there and says no.
    static let refused = "check what the server asks of its clients"

    /// - Parameter usual: where nothing is known that is nearer.
    static func text(
        for error: any Error, url: String, usual: String = "check the address, and that the server runs"
    ) -> String {
        switch error as? ClientError {
        case .refused?: return refused
        case .upgradeRefused(let status, _)?:
            return switch status {
            case 401: "give a token with --header 'Authorization: Bearer …'"
            case 403: "give an origin that it allows with --origin"
            case 404: "check the path"
            case 429, 503: "the server is full or draining: try again later"
            default: usual
            }
        default: return text("\(error)", url: url, usual: usual)
        }
    }

    /// - Parameters:
    ///   - trust: the option that names certificates.
    ///   - usual: where nothing is known that is nearer.
    static func text(
        _ problem: String, url: String, trust: String = "--trust", usual: String = "check the address, and that the server runs"
    ) -> String {
        if url.lowercased().hasPrefix("wss://"), problem.contains("TLS: ") { return secure(problem, trust: trust) }
        // A port that waits for TLS closes on whatever is none, or answers with an alert.
        let isMute = mute.contains { problem.contains($0) }
        guard isMute, url.lowercased().hasPrefix("ws://") else { return usual }
        return "if the port speaks TLS, write wss:// in place of ws://; else \(usual)"
    }

    private static let mute = ["the probe was not answered", "the connection was lost before the answer", "the answer is no HTTP"]

    private static func secure(_ problem: String, trust: String) -> String {
        if problem.contains("certificate expired") { return "renew it on the server, or check this machine's clock" }
        if problem.contains("certificate is not valid before") { return "check this machine's clock, and the server's certificate" }
        if problem.contains("certificate is not for the name") {
            return "write a name in the URL that the certificate has, or give the server one for this name"
        }
        if problem.contains("certificate is of no issuer") { return "name its PEM file, or its issuer's, with \(trust) FILE" }
        if problem.contains("wrong version number") || problem.contains("http request") {
            return "the port does not seem to speak TLS: write ws:// in place of wss://"
        }
        return "check that the port speaks TLS; ws:// does without"
    }
}
