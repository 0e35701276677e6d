import NIOSSL

/// The TLS side of a server, from PEM files.
enum TLSContext {
    /// - Returns: what connections are made with, and the certificates that it shows.
    /// - Throws: NIOSSL's error where a file is missing or is no certificate or key.
    static func server(certificate: String, key: String) throws -> (context: NIOSSLContext, chain: [NIOSSLCertificate]) {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return (try NIOSSLContext(configuration: configuration), chain)
    }
}
