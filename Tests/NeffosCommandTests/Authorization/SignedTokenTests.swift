import Testing

@testable import NeffosCommand

@Suite struct SignedTokenTests {
    /// Made with another implementation, like all tokens here.
    static let secret = "a secret of thirty-two bytes or more, for tests"
    /// sub alice, iss issuer, aud neffos and other, nbf 1000, exp 2000.
    static let alice =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        + ".eyJzdWIiOiJhbGljZSIsImlzcyI6Imlzc3VlciIsImF1ZCI6WyJuZWZmb3MiLCJvdGhlciJdLCJuYmYiOjEwMDAsImV4cCI6MjAwMH0"
        + ".lUxJ9gIculyqCv54laXUUTvprINrcQpXyeqrISouDS8"

    static func settings(
        _ algorithm: Settings.JWT.Algorithm = .HS256, key: String = secret, issuer: String? = nil, audience: String? = nil,
        leeway: Int64 = 0
    ) -> Settings.JWT {
        Settings.JWT(
            algorithm: algorithm, key: Secret(key), issuer: issuer, audience: audience, leeway: DurationText(milliseconds: leeway))
    }

    private func problem(_ token: String, at now: Double = 1500, _ settings: Settings.JWT = settings()) async throws
        -> SignedToken.Problem?
    {
        let checker = try #require(await SignedToken(settings))
        do throws(SignedToken.Problem) {
            _ = try checker.subject(of: token, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a good token's subject is the client's name`() async throws {
        let checker = try #require(await SignedToken(Self.settings(issuer: "issuer", audience: "other")))
        #expect(try checker.subject(of: Self.alice, at: 1500) == "alice")
        let nobody = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjIwMDB9.mkOf26u2qkb1pNzQklUE00bVPZgeKmqqRpPcwfkM0Hk"
        #expect(try await SignedToken(Self.settings())?.subject(of: nobody, at: 0) == .some(nil))
    }

    @Test func `exp and nbf are heeded, to the second and with leeway`() async throws {
        #expect(try await problem(Self.alice, at: 1000) == nil)
        #expect(try await problem(Self.alice, at: 999.9) == .early)
        #expect(try await problem(Self.alice, at: 1999.9) == nil)
        #expect(try await problem(Self.alice, at: 2000) == .expired)
        let lenient = Self.settings(leeway: 5000)
        #expect(try await problem(Self.alice, at: 995, lenient) == nil)
        #expect(try await problem(Self.alice, at: 2004.9, lenient) == nil)
        #expect(try await problem(Self.alice, at: 2005, lenient) == .expired)
        let fraction =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MjAwMC41fQ._r_1Wd_bsBdTGfLeiB8_wdSu7nbya46CHuhWqKv_jUo"
        #expect(try await problem(fraction, at: 2000.4) == nil)
        #expect(try await problem(fraction, at: 2000.5) == .expired)
    }

    @Test func `issuer and audience count where they are asked for`() async throws {
        #expect(try await problem(Self.alice, Self.settings(issuer: "another")) == .otherIssuer)
        #expect(try await problem(Self.alice, Self.settings(audience: "another")) == .otherAudience)
        let single =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJib2IiLCJhdWQiOiJuZWZmb3MifQ.3zunSrltDWeekqze90Md8pkNnS9qTsyCkCYssbhFdxI"
        #expect(try await problem(single, Self.settings(audience: "neffos")) == nil)
        #expect(try await problem(single, Self.settings(issuer: "issuer")) == .otherIssuer)
    }

    private static let mistakes: [(token: String, expected: SignedToken.Problem)] = [
        // none, HS384, and an extension that has to be understood; each signed with the right secret.
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.uF3mjwmUW40W8iwoHb1tvmzr-7q9zzTHXDyQFL4Yapc", SignedToken.Problem.otherAlgorithm),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.", .malformed),
        ("eyJhbGciOiJIUzM4NCJ9.eyJzdWIiOiJhbGljZSJ9.omswKYcsuaDpRXiJ7LW6ZteqSNcDOEAKtzcXTjOKEIo", .otherAlgorithm),
        (
            "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiZXhwIl19.eyJzdWIiOiJhbGljZSJ9.uG4cFeLHVoAFEV2Gruzv4fhf2uzaTzWYiOlz5kt2sgg",
            .otherAlgorithm
        ),
        // exp is no number
        (
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6InNvb24ifQ.YJryJioMJu26DjiGLTr7ArT5KYMeVw9vHZdeB0hBgNo",
            .malformed
        ),
        ("", .malformed), ("a.b", .malformed), ("a.b.c", .malformed), (alice + "=", .malformed), (alice + ".x", .malformed),
        (String(alice.dropLast(2)) + "SA", .badSignature),
        (alice.replacingOccurrences("eyJzdWIi", "eyJzdWJi"), .badSignature),
        (String(repeating: "x", count: 9000) + "." + alice, .malformed),
    ]

    @Test(arguments: mistakes)
    func `what is no good token is refused`(token: String, expected: SignedToken.Problem) async throws {
        #expect(try await problem(token) == expected)
    }

    // RFC 7515 appendices A.2 and A.3.
    static let rfcPayload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    static let rsaKey = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
        NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
        P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
        9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
        EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
        FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
        oQIDAQAB
        -----END PUBLIC KEY-----
        """
    static let ecdsaKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
        6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
        -----END PUBLIC KEY-----
        """
    static let rsaToken =
        "eyJhbGciOiJSUzI1NiJ9.\(rfcPayload).cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
        + "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
        + "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    static let ecdsaToken =
        "eyJhbGciOiJFUzI1NiJ9.\(rfcPayload).DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    @Test func `RS256 and ES256 are checked as the standard's own examples say`() async throws {
        for (algorithm, key, token) in [
            (Settings.JWT.Algorithm.RS256, Self.rsaKey, Self.rsaToken), (.ES256, Self.ecdsaKey, Self.ecdsaToken),
        ] {
            let settings = Self.settings(algorithm, key: key, issuer: "joe")
            #expect(throws: Never.self) { try JWTKey.check(settings) }
            #expect(try await problem(token, at: 1_300_819_379, settings) == nil)
            #expect(try await problem(token, at: 1_300_819_380, settings) == .expired)
            #expect(
                try await problem(token.replacingOccurrences("cC4h", "cC4i").replacingOccurrences("DtEh", "DtEi"), at: 0, settings)
                    == .badSignature)
        }
        #expect(try await problem(Self.ecdsaToken, at: 0, Self.settings(.RS256, key: Self.rsaKey)) == .otherAlgorithm)
    }

    @Test func `a public key is never taken for a secret, and a key of another kind for none`() {
        let mistakes: [(Settings.JWT, String)] = [
            (Self.settings(.HS256, key: Self.rsaKey), "a key in PEM is no secret"),
            (Self.settings(.HS256, key: "hunter2"), "the secret is shorter than 32 bytes"),
            (Self.settings(.RS256, key: Self.ecdsaKey), "it is no RSA public key of at least 2048 bits"),
            (Self.settings(.ES256, key: Self.rsaKey), "it is no P-256 public key"),
            (Self.settings(.ES256, key: Self.secret), "it is no P-256 public key"),
        ]
        for (settings, problem) in mistakes {
            let error = #expect(throws: ValueError.self) { try JWTKey.check(settings) }
            #expect(error?.problem == problem)
            #expect(error?.description.contains(settings.key.value) == false)
        }
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
