import Neffos

extension CommandFailure {
    /// Why a client could not be made.
    init(clientError error: ClientError, url: String) {
        switch error {
        case .invalidURL(let text): self.init(.usage, "\(text); write ws://HOST:PORT/PATH or wss://HOST:PORT/PATH")
        case .invalidTrust(let text): self.init(.configuration, "--trust: \(text); give it a PEM file of certificates")
        case .invalidLocalAddress(let text): self.init(.usage, "--source: \(text); write one like 127.0.0.2")
        default: self.init(.usage, "\(url): \(error)")
        }
    }
}
