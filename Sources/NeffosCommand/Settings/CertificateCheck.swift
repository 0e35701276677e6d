import NIOSSL

/// Whether a certificate and a key can be used together, told in words rather than in a library's numbers.
enum CertificateCheck {
    /// - Throws: ``ValueError`` with which of the files is wrong.
    static func check(certificate: String, key: String) throws(ValueError) {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw ValueError("the file \(certificate) is no certificate", advice: "write the chain as PEM, the server's own first")
        }
        guard !chain.isEmpty else {
            throw ValueError("the file \(certificate) has no certificate", advice: "write the chain as PEM, the server's own first")
        }
        let secret: NIOSSLPrivateKey
        do { secret = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw ValueError("the file \(key) is no private key", advice: "write it as PEM, not encrypted")
        }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw ValueError("the key \(key) is not the one of \(certificate)", advice: "use the key that the certificate was made for")
        }
    }
}
