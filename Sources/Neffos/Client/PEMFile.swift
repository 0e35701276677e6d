import Glibc
import NIOSSL

/// A client's files of certificates and keys.
enum PEMFile {
    /// What is wrong with one, in words, and where.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    static func certificates(_ path: String) throws(Problem) -> [NIOSSLCertificate] {
        try check(path)
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw Problem(description: "the file \(ClientError.printable(path)) has no certificate in PEM")
        }
        return certificates
    }

    static func key(_ path: String) throws(Problem) -> NIOSSLPrivateKey {
        try check(path)
        guard let key = try? NIOSSLPrivateKey(file: path, format: .pem) else {
            throw Problem(description: "the file \(ClientError.printable(path)) has no private key in PEM")
        }
        return key
    }

    /// The library does not say whether there is no file, or nothing in it.
    private static func check(_ path: String) throws(Problem) {
        guard access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Problem(description: "the file \(ClientError.printable(path)) cannot be read: \(reason)")
        }
    }
}
