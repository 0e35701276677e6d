import Foundation

/// Certificates for `localhost`, valid until 2120 where not said otherwise, made for these tests and used nowhere else, and files that hold one of them.
package struct TLSFixture {
    package struct Pair: Sendable {
        package let certificate: String
        package let key: String
    }

    package let certificate: String
    package let key: String
    private let folder: URL

    /// Files with the first pair.
    package init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("certificate.pem").path
        key = folder.appendingPathComponent("key.pem").path
        try write(Self.first)
    }

    package func write(_ pair: Pair) throws {
        try write(certificate: pair.certificate)
        try write(key: pair.key)
    }

    package func write(certificate text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: certificate), options: .atomic)
    }
    package func write(key text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: key), options: .atomic) }

    /// A file beside them, for a client that trusts this pair's certificate.
    package func trust(_ pair: Pair, as name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(pair.certificate.utf8).write(to: file)
        return file.path
    }

    package func removeCertificate() { try? FileManager.default.removeItem(atPath: certificate) }
    package func remove() { try? FileManager.default.removeItem(at: folder) }

    package static let first = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBdDCCARqgAwIBAgIUPm9+mUq9EqB+lDdXoy32D6+B5pgwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
            MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAASCZI4GeCDHflCEWsjgf3rzQJekjS+HMfaKQbuOhI2qfIa5KL8mx6i/
            +0S1kBNOLOKM01+yU54ZvGODxxkJBGlVo0gwRjAUBgNVHREEDTALgglsb2NhbGhv
            c3QwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQU7buQsx15Iqj2OsUzpJ3/p4SV
            PhEwCgYIKoZIzj0EAwIDSAAwRQIgYfcilzLWJ9jbDlbx/G4mhU86bWGKInzB7rNi
            NwSUQ10CIQCQ4uhd0e95vfg/MB73dypJJpvtopOfkL1bKXI7dhDziA==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnkq5dPWN7qka63TL
            2/Bi58TKOjc/xdkMPbNoIfX9zuShRANCAASCZI4GeCDHflCEWsjgf3rzQJekjS+H
            MfaKQbuOhI2qfIa5KL8mx6i/+0S1kBNOLOKM01+yU54ZvGODxxkJBGlV
            -----END PRIVATE KEY-----
            """)

    package static let second = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBZDCCAQmgAwIBAgIDels8MAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2Fs
            aG9zdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UE
            AwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGj2rAKLsxT85
            SZ5qAaYvJRAvixRetpi2+d9miP/h12/De5VNnoAkOanAYPaB4MRbsxE3Ss8dBzWF
            K9nISsX8JaNIMEYwFAYDVR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMB
            Af8wHQYDVR0OBBYEFObDOD3Sksk6bhKifylY5gDjkxnDMAoGCCqGSM49BAMCA0kA
            MEYCIQDimRrpLhuxJtymzHtAY+Mk8bqyFVyk5DtdNAa6C3Uo5gIhAJuSTXQhXeZe
            rtQnukPdWCUrJot7jLEMaDa24YgHi81M
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVkm0FGCUPP8wfhRH
            SJJfxwC8yrcxWNYyX7K24xmDnCChRANCAAQaPasAouzFPzlJnmoBpi8lEC+LFF62
            mLb532aI/+HXb8N7lU2egCQ5qcBg9oHgxFuzETdKzx0HNYUr2chKxfwl
            -----END PRIVATE KEY-----
            """)

    /// Valid until 2021-06-30 12:00 UTC. The key is that of the first.
    package static let expired = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBcjCCARigAwIBAgIUObZMEVZDILTDV7KtoSOmPS31SdgwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJbG9jYWxob3N0MB4XDTIwMDEwMTAwMDAwMFoXDTIxMDYzMDEy
            MDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
            AQcDQgAEgmSOBnggx35QhFrI4H9680CXpI0vhzH2ikG7joSNqnyGuSi/Jseov/tE
            tZATTizijNNfslOeGbxjg8cZCQRpVaNIMEYwFAYDVR0RBA0wC4IJbG9jYWxob3N0
            MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFO27kLMdeSKo9jrFM6Sd/6eElT4R
            MAoGCCqGSM49BAMCA0gAMEUCIEZHAzq1EG25dhFG06bHlUkYpx+ZAjbITKnFioYC
            wzk1AiEA4dSr/2LReu+XqW82S+dH849NgWDe867q1JANxCaxY6w=
            -----END CERTIFICATE-----
            """,
        key: first.key)

    /// Valid from 2119-03-01 09:30 UTC on. The key is that of the first.
    package static let early = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBdTCCARygAwIBAgIUEiITSO/6cn9J+7m2hoKLefXrK9cwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJbG9jYWxob3N0MCIYDzIxMTkwMzAxMDkzMDAwWhgPMjEyMDAx
            MDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqG
            SM49AwEHA0IABIJkjgZ4IMd+UIRayOB/evNAl6SNL4cx9opBu46Ejap8hrkovybH
            qL/7RLWQE04s4ozTX7JTnhm8Y4PHGQkEaVWjSDBGMBQGA1UdEQQNMAuCCWxvY2Fs
            aG9zdDAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBTtu5CzHXkiqPY6xTOknf+n
            hJU+ETAKBggqhkjOPQQDAgNHADBEAiA/AtZhOLlYMjglULgvmk2ykmU7M36+REXR
            JlVh49qPKgIgDQEoQthi9fxbUOzdTleemhZD879twdXGCHYtvk4qMe4=
            -----END CERTIFICATE-----
            """,
        key: first.key)
}
