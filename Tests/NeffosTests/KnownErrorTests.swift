import NIOCore
import NeffosSession
import TestSupport
import Testing

@testable import Neffos

/// Errors that travel as texts and arrive as themselves.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct KnownErrorTests {
    enum ChatError: String, KnownError {
        case full = "the room is full"
        case banned = "you are banned"
    }

    /// One with a value in its text.
    struct RetryLater: KnownError, Equatable {
        var seconds: Int
        var text: String { "retry in \(seconds) s" }

        init(seconds: Int) { self.seconds = seconds }

        init?(text: String) {
            guard text.hasPrefix("retry in "), text.hasSuffix(" s"), let seconds = Int(text.dropFirst(9).dropLast(2)) else { return nil }
            self.seconds = seconds
        }
    }

    /// Would take every text.
    struct Greedy: KnownError, Equatable {
        var text: String
        init(text: String) { self.text = text }
    }

    struct Secret: Error { let password = "hunter2" }

    static let server = HandlerFixture.make { handlers in
        handlers.on("full", in: "default") { _, _ in throw ChatError.full }
        handlers.on("later", in: "default") { _, _ async throws in throw RetryLater(seconds: 7) }
        handlers.on("text", in: "default") { _, message in throw NeffosError(message.text) }
        handlers.on("secret", in: "default") { _, _ in throw Secret() }
        handlers.on(.roomJoin, in: "default") { connection, _ in if connection.room == "full" { throw ChatError.full } }
        handlers.on(.roomLeave, in: "default") { _, _ in throw RetryLater(seconds: 1) }
        handlers.on(.namespaceDisconnect, in: "default") { _, _ in throw RetryLater(seconds: 2) }
        handlers.on(.namespaceConnect, in: "other") { _, _ in throw ChatError.banned }
    }

    static func client(_ types: any KnownError.Type...) -> EventHandlers {
        var handlers = ClientFixture.handlers
        for type in types { handlers.know(type) }
        return handlers
    }

    @Test func `A refusal of the whole connection is the error that onConnect threw, where the client knows it`() async throws {
        var hooks = ServerHooks()
        hooks.onConnect = { _ in throw ChatError.banned }
        try await ServerFixture.run(hooks: hooks) { server in
            let url = "ws://127.0.0.1:\(server.port)/echo"
            let knowing = try ClientFixture.client(url, handlers: Self.client(ChatError.self))
            await #expect(throws: ChatError.banned) { try await knowing.connect() }
            let other = try ClientFixture.client(url)
            await #expect(throws: ClientError.refused("you are banned")) { try await other.connect() }
        }
    }

    @Test func `Every operation throws the error that the other side's handler threw`() async throws {
        try await HandlerFixture.run(Self.server, client: Self.client(ChatError.self, RetryLater.self)) { _, client in
            await #expect(throws: ChatError.banned) { try await client.connect(to: "other") }
            let namespace = try await client.connect(to: "default")
            await #expect(throws: ChatError.full) { try await namespace.ask("full", "") }
            await #expect(throws: RetryLater(seconds: 7)) { try await namespace.ask("later", "") }
            await #expect(throws: ChatError.full) { try await namespace.join("full") }
            try await namespace.join("r")
            await #expect(throws: RetryLater(seconds: 1)) { try await namespace.leave("r") }
            await #expect(throws: RetryLater(seconds: 2)) { try await namespace.disconnect() }
        }
    }

    @Test func `Where it is not registered, it is a text`() async throws {
        try await HandlerFixture.run(Self.server) { _, client in
            let namespace = try await client.connect(to: "default")
            await #expect(throws: NeffosError("the room is full")) { try await namespace.ask("full", "") }
        }
    }

    @Test func `A server's asks and its client's own refusals come back as themselves too`() async throws {
        var server = Self.server
        server.know(ChatError.self)
        var client = Self.client(ChatError.self)
        client.on("full", in: "default") { _, _ in throw ChatError.full }
        client.on(.namespaceConnect, in: "third") { _, _ in throw ChatError.banned }
        try await HandlerFixture.run(server, client: client) { server, client in
            try await client.connect(to: "default")
            let connection = try #require(server.server.connection(client.id))
            await #expect(throws: ChatError.full) { try await connection.ask(Message(namespace: "default", event: "full")) }
            await #expect(throws: ChatError.banned) { try await client.connect(to: "third") }
        }
    }

    @Test func `The protocol's own texts keep their codes, whatever is registered`() async throws {
        try await HandlerFixture.run(Self.server, client: Self.client(Greedy.self)) { _, client in
            let namespace = try await client.connect(to: "default")
            for code in NeffosError.Code.allCases where code != .other {
                let error = NeffosError(code)
                #expect(NeffosError(error.text) == error)
                await #expect(throws: error) { try await namespace.ask("text", error.text) }
            }
            await #expect(throws: Greedy(text: "anything")) { try await namespace.ask("text", "anything") }
        }
    }

    @Test func `The first type registered that knows a text has it`() throws {
        var handlers = EventHandlers()
        handlers.know(ChatError.self, Greedy.self, RetryLater.self, ChatError.self)
        let errors = ErrorTexts(handlers)
        #expect(errors.error(for: "you are banned") as? ChatError == .banned)
        #expect(errors.error(for: "retry in 3 s") as? Greedy == Greedy(text: "retry in 3 s"))
        #expect(errors.error(for: "bad room") as? NeffosError == NeffosError(.badRoom))
        #expect(handlers.knownErrors.count == 3)
    }

    @Test func `What an unknown error says stays here, unless it is to be told`() async throws {
        try await ServerFixture.run(Self.server) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;secret;0;0;") == ";default;;secret;1;0;internal error")
        }
        var telling = Self.server
        telling.unknownErrorText = { error in error is Secret ? "a secret" : "another" }
        try await ServerFixture.run(telling) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;secret;0;0;") == ";default;;secret;1;0;a secret")
        }
    }

    @Test func `A refusal without a text has one on the wire, where none would be success`() async throws {
        var handlers = Self.server
        handlers.on(.namespaceConnect, in: "silent") { _, _ in throw NeffosError("") }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            #expect(
                try await client.ask("silent;;_OnNamespaceConnect;0;0;")
                    == ";silent;;_OnNamespaceConnect;1;0;internal error")
            #expect(try await client.ask("default;;text;0;0;") == ";default;;text;1;0;internal error")
        }
    }

    @Test func `A message that is an error gives the error`() throws {
        let connection = NamespaceConnection.unused
        #expect(connection.error(in: Message(body: ByteBuffer(string: "bad room"))) == nil)
        let error = connection.error(in: Message(isError: true, body: ByteBuffer(string: "bad room")))
        #expect(error as? NeffosError == NeffosError(.badRoom))
    }
}
