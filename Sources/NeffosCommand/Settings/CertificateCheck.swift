import NIOSSL

/// Whether a certificate and a key can be used together, told in words rather than in a library's numbers.
enum CertificateCheck {
    /// What is wrong, and with which of the files.
    struct Problem: Error {
        var isOfKey: Bool
        var error: ValueError

        fileprivate init(ofKey isOfKey: Bool, _ problem: String, advice: String) {
            self.isOfKey = isOfKey
            error = ValueError(problem, advice: advice)
        }
    }

    static func check(certificate: String, key: String) throws(Problem) {
        let chainAdvice = "write the chain as PEM, the server's own first"
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw Problem(ofKey: false, "the file \(certificate) is no certificate", advice: chainAdvice)
        }
        guard !chain.isEmpty else { throw Problem(ofKey: false, "the file \(certificate) has no certificate", advice: chainAdvice) }
        let secret: NIOSSLPrivateKey
        do { secret = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw Problem(ofKey: true, "the file \(key) is no private key", advice: "write it as PEM, not encrypted")
        }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw Problem(
                ofKey: true, "the key \(key) is not the one of \(certificate)", advice: "use the key that the certificate was made for")
        }
    }
}
