import NIOCore
import NeffosSession
import NeffosWire
import Testing

/// What the original JS client and Go server said to each other (protocol section 10), and what our machines say in their places.
@Suite struct RecordedConversationTests {
    @Test func ourServerAnswersTheOriginalClientAsTheOriginalServerDid() {
        var server = SessionScript(.server)
        #expect(server.hear("M") == ["decide"])
        #expect(server.run { $0.accept(id: "2178e0a1-2038-42ba-a25c-a55e898b8133") }.first == "send A2178e0a1-2038-42ba-a25c-a55e898b8133")
        _ = server.hear("$5587000000000152960673;default;;_OnNamespaceConnect;0;0;")
        #expect(server.decide().contains("send $5587000000000152960673;;;;;;"))
        _ = server.hear("$5587000000000153980875;default;lobby;_OnRoomJoin;0;0;")
        #expect(server.decide().contains("send $5587000000000153980875;;;;;;"))
        #expect(server.hear(";default;lobby;chat;0;0;hello from try 0") == ["deliver ;default;lobby;chat;0;0;hello from try 0"])
        guard
            case .deliver(let ask) = server.machine.receive(
                ByteBuffer(string: "$5587000000000155347485;default;;echo;0;0;ping; with semicolon"), isBinary: false)
        else {
            Issue.record("not delivered")
            return
        }
        #expect(SessionScript.wire(ask.reply(ask.body)) == "$5587000000000155347485;default;;echo;0;0;ping; with semicolon")
    }

    @Test func ourClientTakesTheOriginalServersAnswers() {
        var client = SessionScript(.client)
        #expect(client.run { $0.opened() } == ["send M"])
        _ = client.hear("A2178e0a1-2038-42ba-a25c-a55e898b8133")
        _ = client.run { $0.connect("default", operation: 1) }
        #expect(client.decide() == ["send $1;default;;_OnNamespaceConnect;0;0;"])
        #expect(client.hear("$1;;;;;;").last == "finish 1")
        _ = client.run { $0.join("default", "lobby", operation: 2) }
        #expect(client.hear("$2;;;;;;").last == "finish 2")
        #expect(client.hear(";default;lobby;chat;0;0;hello from try 0") == ["deliver ;default;lobby;chat;0;0;hello from try 0"])
        #expect(client.machine.membership == [Membership(namespace: "default", rooms: ["lobby"])])
    }
}
