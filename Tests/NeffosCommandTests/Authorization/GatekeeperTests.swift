import Testing

@testable import NeffosCommand

@Suite struct GatekeeperTests {
    private func keeper(bearer: [String] = [], jwt: Settings.JWT? = nil) async throws -> Gatekeeper {
        var settings = try Settings.load(file: nil, environment: [:])
        settings.bearer = bearer.map(Secret.init)
        settings.jwt = jwt
        return await Gatekeeper(settings)
    }

    @Test func `where nothing is asked for everybody may come`() async throws {
        let keeper = try await keeper()
        #expect(keeper.isOpen)
        #expect(keeper.decide(nil, at: 0) == .accept(key: nil))
    }

    @Test func `each of several tokens lets in, whole and only itself`() async throws {
        let keeper = try await keeper(bearer: ["first-token", "second"])
        #expect(keeper.decide("Bearer first-token", at: 0) == .accept(key: nil))
        #expect(keeper.decide("bearer  second ", at: 0) == .accept(key: nil))
        for wrong in ["first-toke", "first-token1", "First-token", "", "second first-token"] {
            guard case .refuse(let reason, _) = keeper.decide("Bearer \(wrong)", at: 0) else {
                #expect(Bool(false), "\(wrong) was taken")
                continue
            }
            #expect(wrong.isEmpty || !reason.contains(wrong))
        }
    }

    @Test func `who has no token is told to bring one, who has a wrong one is told so`() async throws {
        let keeper = try await keeper(bearer: ["token"])
        #expect(keeper.decide(nil, at: 0) == .refuse(reason: "no token", error: nil))
        #expect(keeper.decide("Basic dXNlcjpwYXNz", at: 0) == .refuse(reason: "no bearer token", error: "invalid_request"))
        #expect(keeper.decide("Bearer", at: 0) == .refuse(reason: "no bearer token", error: "invalid_request"))
        #expect(keeper.decide("Bearer other", at: 0) == .refuse(reason: "unknown token", error: "invalid_token"))
    }

    @Test func `a signed token brings the client's name, and fixed tokens still let in beside it`() async throws {
        let keeper = try await keeper(bearer: ["token"], jwt: SignedTokenTests.settings())
        #expect(keeper.decide("Bearer \(SignedTokenTests.alice)", at: 1500) == .accept(key: "alice"))
        #expect(
            keeper.decide("Bearer \(SignedTokenTests.alice)", at: 2500) == .refuse(reason: "the token has expired", error: "invalid_token"))
        #expect(keeper.decide("Bearer token", at: 0) == .accept(key: nil))
    }

    @Test func `a subject that cannot be a client's name is refused`() async throws {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhO2IifQ.BoQG5aku7jH1SitkMLHf4wexZT3OuriS5aZWRf2AqkQ"
        let keeper = try await keeper(jwt: SignedTokenTests.settings())
        #expect(
            keeper.decide("Bearer \(token)", at: 0)
                == .refuse(reason: "the token's subject cannot be a client's name", error: "invalid_token"))
    }

    @Test func `a key that cannot be used lets nobody in`() async throws {
        let keeper = try await keeper(jwt: SignedTokenTests.settings(.ES256, key: "no key"))
        #expect(!keeper.isOpen)
        #expect(keeper.decide("Bearer \(SignedTokenTests.alice)", at: 1500) == .refuse(reason: "unknown token", error: "invalid_token"))
    }
}
