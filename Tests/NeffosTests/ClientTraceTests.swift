import Logging
import NIOCore
import Neffos
import NeffosFeed
import Synchronization
import TestSupport
import Testing

/// What a client tells of its way, where it dials from, and asks that lead to asks.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientTraceTests {
    private func remote(_ fixture: ServerFixture) async -> String? {
        await fixture.wait { if case .connectionOpened = $0 { true } else { false } }
        for kind in fixture.kinds { if case .connectionOpened(let opened) = kind { return opened.remote } }
        return nil
    }

    @Test func `a client dials from the address that it is given`() async throws {
        try await ServerFixture.run { fixture in
            var configuration = ClientFixture.quick
            configuration.localAddress = "127.0.0.7"
            let client = try ClientFixture.client(fixture.server.url, configuration)
            try await client.connect()
            #expect(await remote(fixture)?.hasPrefix("127.0.0.7:") == true)
            await client.close()
        }
    }

    @Test func `an address that is none is refused before anybody dials`() throws {
        var configuration = ClientFixture.quick
        configuration.localAddress = "here"
        let error = try #require(throws: ClientError.self) { try ClientFixture.client("ws://127.0.0.1:1/", configuration) }
        #expect(error == .invalidLocalAddress("\"here\" is no IP address to dial from"))
    }

    @Test func `each step of the way there and back is told in its order`() async throws {
        try await ServerFixture.run { fixture in
            let recorder = ClientRecorder<ClientTrace>()
            var configuration = ClientFixture.quick
            configuration.trace = { recorder.add($0) }
            let client = try ClientFixture.client(fixture.server.url, configuration)
            try await client.connect()
            let first = client.id
            #expect(
                recorder.all == [.changed(.connecting), .connected, .upgraded, .acknowledged, .changed(.connected(first))])
            try await client.connect(to: "default")
            client.drop()
            try await eventually { client.id != first && client.state == .connected(client.id) }
            #expect(
                recorder.all.dropFirst(5) == [
                    .changed(.waiting(tries: 1)), .changed(.probing), .connected, .probeAnswered(status: 302), .changed(.dialing(tries: 1)),
                    .upgraded, .acknowledged, .changed(.restoring), .changed(.connected(client.id)),
                ])
            await client.close()
        }
    }

    @Test func `who is told of an answer can ask again at once`() async throws {
        try await ServerFixture.run { fixture in
            let client = try ClientFixture.client(fixture.server.url)
            try await client.connect()
            try await client.connect(to: "default")
            let connection = try #require(client.connection)
            let answers = ClientRecorder<String>()
            @Sendable func ask(_ left: Int) {
                let message = Message(namespace: "default", event: "echo", body: ByteBuffer(string: "\(left)"))
                connection.ask(message, within: left % 2 == 0 ? nil : .seconds(30)) { result in
                    answers.add((try? result.get().text) ?? "failed")
                    if left > 0 { ask(left - 1) }
                }
            }
            ask(3)
            try await eventually { answers.all.count == 4 }
            #expect(answers.all == ["3", "2", "1", "0"])
            // One whose connection goes is told so, and may ask again in vain.
            let ends = ClientRecorder<Bool>()
            connection.ask(Message(namespace: "default", event: "unanswered"), within: nil) { _ in
                connection.ask(Message(namespace: "default", event: "echo"), within: nil) { result in
                    if case .failure = result { ends.add(true) }
                }
            }
            client.drop()
            try await eventually { ends.all == [true] }
            await client.close()
        }
    }
}
