import Neffos
import NeffosFeed
import TestSupport
import Testing

/// What the guide `ContinuousIntegration.md` shows is what is compiled, and does what it says.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ReconnectGuideTests {
    private static func lines(_ code: some StringProtocol) -> [Substring] {
        code.split(separator: "\n").map { Substring($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }

    @Test func `What the guide shows is compiled`() throws {
        let compiled = Self.lines(try CompatibilityTableTests.text("Tests/NeffosTests/ReconnectGuide.swift"))
        let blocks = try CompatibilityTableTests.text("Sources/Neffos/Documentation.docc/ContinuousIntegration.md")
            .matches(of: /```swift\n(?<code>(?:.*\n)*?)```/)
        #expect(!blocks.isEmpty)
        for block in blocks { #expect(compiled.contains(Self.lines(block.code)), "no test has this: \(block.code)") }
    }

    @Test func `Its clients come back to their room after a drop`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.identity.header = "X-Username"
        } _: { server in
            let url = server.server.url
            let clients = Task { try await ReconnectGuide().survive(url, clients: 3) }
            func joined(_ count: Int) async {
                _ = await server.sink.wait { entries in
                    entries.filter { if case .roomJoined = $0.event.kind { true } else { false } }.count >= count
                }
            }
            await joined(3)
            for connection in server.server.connections { connection.drop() }
            await joined(6)
            let keys = server.kinds.compactMap { kind in if case .connectionOpened(let opened) = kind { opened.key } else { nil } }
            #expect(keys.count == 6)
            #expect(Set(keys) == ["ci-1", "ci-2", "ci-3"])
            // After 1000 nobody comes back.
            for connection in server.server.connections { connection.close(.normal) }
            try await clients.value
        }
    }
}
