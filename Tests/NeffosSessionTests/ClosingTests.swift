import NeffosSession
import NeffosWire
import Testing

@Suite struct ClosingTests {
    @Test(arguments: [SessionRole.client, .server]) func theEndLeavesAllRoomsAndNamespacesForcedAndLocal(_ role: SessionRole) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby", "chat", "default/attic"])
        #expect(
            session.machine.membership == [
                Membership(namespace: "default", rooms: ["lobby", "attic"]), Membership(namespace: "chat"),
            ])
        #expect(
            session.run { $0.closed() } == [
                "RoomLeave default/lobby local forced", "parted default/lobby forced", "RoomLeft default/lobby local forced",
                "RoomLeave default/attic local forced", "parted default/attic forced", "RoomLeft default/attic local forced",
                "left default forced", "Disconnect default local forced", "left chat forced", "Disconnect chat local forced",
            ])
        #expect(session.run { $0.closed() } == [])
        #expect(session.machine.membership == [])
    }

    @Test func theEndFinishesWhatIsPendingInTheOrderItWasAsked() {
        var client = SessionScript.acknowledged(.client, in: ["default"])
        _ = client.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 30) }
        _ = client.run { $0.join("default", "lobby", operation: 20) }
        _ = client.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 10) }
        _ = client.run { $0.connect("chat", operation: 5) }
        #expect(
            client.run { $0.closed() } == [
                "finish 30 closed", "finish 20 closed", "finish 10 closed", "finish 5 closed", "left default forced",
                "Disconnect default local forced",
            ])
        #expect(client.decide() == [], "the local handler's outcome is too late")
        #expect(client.hear("$1;default;;echo;0;0;") == [])
        #expect(client.run { $0.expire(30) } == [])
    }

    @Test func afterTheEndNothingIsSentAndOperationsFinishAtOnce() {
        var client = SessionScript.acknowledged(.client, in: ["default"])
        _ = client.machine.closed()
        #expect(client.run { $0.connect("chat", operation: 1) } == ["finish 1 closed"])
        #expect(client.run { $0.disconnect("default", operation: 2) } == ["finish 2 closed"])
        #expect(client.run { $0.join("default", "lobby", operation: 3) } == ["finish 3 closed"])
        #expect(client.run { $0.leave("default", "lobby", operation: 4) } == ["finish 4 closed"])
        #expect(client.run { $0.ask(Message(namespace: "default", event: "x"), operation: 5) } == ["finish 5 closed"])
        #expect(client.run { $0.emit(Message(namespace: "default", event: "x")) } == [])
    }

    @Test func aServerThatWasStillDecidingCanNeitherAcceptNorRefuse() {
        var server = SessionScript(.server)
        _ = server.hear("M")
        #expect(server.run { $0.closed() } == [])
        #expect(server.run { $0.accept(id: "me") } == [])
        #expect(server.run { $0.refuse("no") } == [])
        #expect(server.run { $0.opened() } == [])
    }
}
