import NIOCore
import Neffos
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

/// Native messages: protocol section 2.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerNativeTests {
    private static func relay(_ action: RelayAction, beside other: Bool = false) -> EventHandlers {
        EventHandlers.relay(["": [SystemEventName.nativeMessage: action]].merging(other ? ["default": ["echo": .reply]] : [:]) { $1 })
    }

    @Test func `In native-only mode there is no ack, and every frame, M too, is a native message`() async throws {
        try await ServerFixture.run(Self.relay(.reply)) { server in
            let client = try await server.upgraded()
            for text in ["M", "Afoo", "$1;default;;_OnNamespaceConnect;0;0;", "plain", ""] {
                try await client.send(text)
                #expect(try await client.text() == text)
            }
            try await client.write(RawClient.frame("binary", isBinary: true))
            #expect(try await client.event() == .message(ByteBuffer(string: "binary"), isBinary: true))
        }
    }

    @Test func `In mixed mode both kinds are taken, once the namespace of native messages is connected`() async throws {
        try await ServerFixture.run(Self.relay(.reply, beside: true)) { server in
            let client = try await server.member()
            try await client.send("not yet; text")
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
            try await client.enter("")
            try await client.send("plain; text")
            #expect(try await client.text() == "plain; text")
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
        }
    }

    @Test(arguments: [false, true]) func `A native broadcast reaches everybody as it came`(isMixed: Bool) async throws {
        try await ServerFixture.run(Self.relay(.broadcast, beside: isMixed)) {
            $0.eventLoops = 2
        } _: { server in
            var clients: [RawClient] = []
            for _ in 0..<3 { clients.append(isMixed ? try await server.acknowledged() : try await server.upgraded()) }
            if isMixed { for client in clients { try await client.enter("") } }
            // All are there: a frame of each has been answered.
            for client in clients {
                try await client.write(RawClient.frame(ByteBuffer(), .ping))
                #expect(try await client.event() == .pong(ByteBuffer()))
            }
            try await clients[0].write(RawClient.frame("hello", isBinary: true))
            for client in clients { #expect(try await client.event() == .message(ByteBuffer(string: "hello"), isBinary: true)) }
            server.server.broadcast(Message(event: SystemEventName.nativeMessage, body: ByteBuffer(string: "from the server")))
            for client in clients { #expect(try await client.text() == "from the server") }
        }
    }

    @Test func `In mixed mode nothing native is sent to whoever is not in its namespace`() async throws {
        try await ServerFixture.run(Self.relay(.broadcast, beside: true)) { server in
            let outsider = try await server.member()
            let member = try await server.acknowledged()
            try await member.enter("")
            let id = await outsider.id
            server.server.connection(id)?.emitNative(ByteBuffer(string: "to you"))
            server.server.broadcast(Message(event: SystemEventName.nativeMessage, body: ByteBuffer(string: "to all")))
            #expect(try await member.text() == "to all")
            #expect(try await outsider.ask("default;;echo;0;0;x") == ";default;;echo;0;0;x")
            try await outsider.enter("")
            server.server.connection(id)?.emitNative(ByteBuffer(string: "now to you"))
            #expect(try await outsider.text() == "now to you")
        }
    }

    @Test func `A failing handler of native messages sends nothing`() async throws {
        try await ServerFixture.run(Self.relay(.refuse)) { server in
            let client = try await server.upgraded()
            try await client.send("x")
            try await client.write(RawClient.frame(ByteBuffer(), .ping))
            #expect(try await client.event() == .pong(ByteBuffer()))
        }
    }
}
