import Neffos
import NeffosFeed
import TestSupport
import Testing

/// What the guide `Embedding.md` and the README show is what is compiled, and does what they say.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct CompatibilityGuideTests {
    @Test(arguments: ["Sources/Neffos/Documentation.docc/Embedding.md", "Sources/Neffos/Documentation.docc/Neffos.md", "README.md"])
    func `What the documents show is compiled`(document: String) throws {
        let sources = ["Tests/NeffosTests/CompatibilityGuide.swift", "Sources/Examples/Chat/main.swift"]
        let compiled = try sources.map { Self.normalized(try CompatibilityTableTests.text($0)) }
        let blocks = try CompatibilityTableTests.text(document).matches(of: /```swift\n(?<code>(?:.*\n)*?)```/).map { String($0.code) }
        #expect(blocks.count >= 2)
        for block in blocks {
            let code = Self.normalized(block)
            #expect(compiled.contains { $0.contains(code) }, "no test has this: \(block)")
        }
    }

    @Test func `The README shows the whole example, and it is about thirty lines`() throws {
        let example = try CompatibilityTableTests.text("Sources/Examples/Chat/main.swift")
        #expect(try CompatibilityTableTests.text("README.md").contains("```swift\n" + example + "```"))
        #expect(example.split(separator: "\n").count <= 32)
    }

    /// Lines without their indentation, and without empty ones.
    private static func normalized(_ code: String) -> String {
        code.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
    }

    // MARK: What it does

    @Test func `The guide's handlers, hooks and client do what it says`() async throws {
        let directory = Directory(users: ["token": User(name: "ann", isStaff: false)])
        var handlers = EventHandlers()
        let clientHandlers = Guide.handle(&handlers, directory, Guide.logger)
        try await ServerFixture.run(handlers, hooks: Guide.hooks(directory, Guide.logger)) { fixture in
            await #expect(throws: ClientError.upgradeRefused(status: 401, body: "log in first")) {
                try await Client.dial(fixture.server.url)
            }
            let client = try Client(
                fixture.server.url, configuration: Guide.clientConfiguration(directory, Guide.logger), handlers: clientHandlers)
            try await client.connect()
            let space = try await client.waitForConnect(to: "default")
            #expect(try await space.ask("shout", "hey").text == "HEY")
            await #expect(throws: NeffosError("say something")) { try await space.ask("shout", "") }
            #expect(try await space.ask("look up", "7").text == "seven")
            await #expect(throws: NeffosError("staff only")) { try await space.join("staff") }
            let polls = try await client.connect(to: "polls")
            #expect(try await polls.ask("sum", [1, 2], as: Int.self) == 3)
            #expect(try await polls.ask("vote", #"{"option":"a"}"#).body.readableBytes == 0)
            let board = try await client.connect(to: "board")
            await #expect(throws: NeffosError("off the board")) { try await board.ask("place", "[8,0]") }
            try await Guide.sit(try await client.connect(to: "seats"))
            try await Guide.speak(fixture.server, to: client.id)
            await client.close()
        }
    }

    @Test func `The guide's endpoints share an address, or live in another server`() async throws {
        try await Guide.share()
        try await Guide.embed()
    }

    @Test func `The guide's feed is told`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let (server, feed) = Guide.watch(configuration, .defaultRelay)
        try await server.start()
        await (try Client.dial(server.url)).close()
        await server.shutdown(grace: .seconds(5))
        await withCheckedContinuation { continuation in
            // It blocks, which no task may.
            DispatchQueueOfTests.run {
                feed.stop()
                continuation.resume()
            }
        }
        #expect(feed.statistics.eventsByType["connection.opened"] == 1)
        #expect(feed.statistics.eventsByType["connection.closed"] == 1)
    }
}
