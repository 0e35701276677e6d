import NIOCore
import NeffosSession
import NeffosWire
import Testing

/// The asker's side of the table in protocol section 5. Our tokens are `1` at a server, `$1` at a client.
@Suite struct OurRequestTests {
    static let roles: [(SessionRole, String)] = [(.server, ""), (.client, "$")]

    @Test(arguments: roles) func aConnectAsksTheLocalHandlerThenThePeerAndIsTold(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role)
        #expect(session.run { $0.connect("default", operation: 7) } == ["Connect? default local"])
        #expect(session.machine.hasPendingOperations)
        #expect(session.decide() == ["send \(own)1;default;;_OnNamespaceConnect;0;0;"])
        #expect(session.hear("\(own)1;;;;;;") == ["at once", "entered default", "Connected default local", "finish 7"])
        #expect(session.machine.namespaces == ["default"] && !session.machine.hasPendingOperations)
        #expect(session.run { $0.connect("default", operation: 8) } == ["finish 8"])
    }

    @Test(arguments: roles) func aConnectThatTheLocalHandlerRefusesSendsNothing(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role)
        _ = session.run { $0.connect("default", operation: 7) }
        #expect(session.hear("\(own)1;;;;;;") == [], "an answer to what was not asked")
        #expect(session.decide("no") == ["denied default: no", "finish 7 refused: no"])
        #expect(session.machine.namespaces == [] && !session.machine.hasPendingOperations)
    }

    @Test(arguments: roles) func aConnectThatThePeerRefusesIsDenied(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role)
        _ = session.run { $0.connect("default", operation: 7) }
        _ = session.decide()
        #expect(
            session.hear("\(own)1;default;;_OnNamespaceConnect;1;0;go away") == [
                "at once", "denied default: go away", "finish 7 refused: go away",
            ])
    }

    @Test func aConnectToAnUndeclaredNamespaceOrOneTooManyIsRefusedAtOnce() {
        var client = SessionScript.acknowledged(.client, namespaces: 1)
        #expect(
            client.run { $0.connect("secret", operation: 1) } == [
                "denied secret: bad namespace", "finish 1 refused: bad namespace",
            ])
        _ = client.run { $0.connect("default", operation: 2) }
        #expect(
            client.run { $0.connect("chat", operation: 3) } == ["denied chat: limit reached", "finish 3 refused: limit reached"],
            "a pending connect has its place")
        #expect(client.hear("5;default;;_OnNamespaceConnect;0;0;") == ["Connect? default"], "which is the peer's too")
    }

    @Test(arguments: roles) func aJoinIsAskedThenToldAroundTheChange(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.run { $0.join("default", "lobby", operation: 7) } == ["send \(own)1;default;lobby;_OnRoomJoin;0;0;"])
        #expect(
            session.hear("\(own)1;;;;;;") == [
                "at once", "RoomJoin default/lobby local", "joined default/lobby", "RoomJoined default/lobby local", "finish 7",
            ])
        #expect(session.run { $0.join("default", "lobby", operation: 8) } == ["finish 8"])
        #expect(session.run { $0.join("default", "attic", operation: 9) } == ["send \(own)2;default;attic;_OnRoomJoin;0;0;"])
        #expect(
            session.hear("\(own)2;default;attic;_OnRoomJoin;1;0;dusty") == [
                "at once", "denied default/attic: dusty", "finish 9 refused: dusty",
            ])
        #expect(session.machine.rooms(in: "default") == ["lobby"])
    }

    @Test func aJoinOutsideTheNamespaceOrWithoutANameOrTooManyIsRefusedAtOnce() {
        var client = SessionScript.acknowledged(.client, in: ["default"], rooms: 1)
        #expect(
            client.run { $0.join("chat", "x", operation: 1) } == ["denied chat/x: bad namespace", "finish 1 refused: bad namespace"])
        #expect(client.run { $0.join("default", "", operation: 2) }.last == "finish 2 refused: bad room")
        _ = client.run { $0.join("default", "lobby", operation: 3) }
        #expect(client.run { $0.join("default", "attic", operation: 4) }.last == "finish 4 refused: limit reached")
    }

    @Test(arguments: roles) func aLeaveIsAskedThenToldAroundTheChange(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby"])
        #expect(session.run { $0.leave("chat", "lobby", operation: 1) } == ["finish 1 refused: bad namespace"])
        #expect(session.run { $0.leave("default", "attic", operation: 2) } == ["finish 2 refused: bad room"])
        #expect(session.run { $0.leave("default", "lobby", operation: 3) } == ["send \(own)1;default;lobby;_OnRoomLeave;0;0;"])
        #expect(session.machine.isJoined("default", "lobby"))
        #expect(
            session.hear("\(own)1;;;;;;") == [
                "at once", "RoomLeave default/lobby local", "parted default/lobby", "RoomLeft default/lobby local", "finish 3",
            ])
        #expect(!session.machine.isJoined("default", "lobby"))
    }

    @Test(arguments: roles) func aDisconnectIsAskedThenLeavesTheRoomsAndIsTold(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby"])
        #expect(session.run { $0.disconnect("chat", operation: 1) } == ["finish 1 refused: bad namespace"])
        #expect(session.run { $0.disconnect("default", operation: 2) } == ["send \(own)1;default;;_OnNamespaceDisconnect;0;0;"])
        #expect(
            session.hear("\(own)1;default;;_OnNamespaceDisconnect;1;0;stay") == ["at once", "finish 2 refused: stay"])
        #expect(session.machine.isConnected("default"))
        _ = session.run { $0.disconnect("default", operation: 3) }
        #expect(
            session.hear("\(own)2;;;;;;") == [
                "at once", "RoomLeave default/lobby local forced", "parted default/lobby forced", "RoomLeft default/lobby local forced",
                "left default", "Disconnect default local", "finish 3",
            ])
        #expect(session.machine.namespaces == [])
    }

    @Test func whoAsksForWhatIsPendingWaitsForTheSameAnswer() {
        var client = SessionScript.acknowledged(.client)
        _ = client.run { $0.connect("default", operation: 1) }
        #expect(client.run { $0.connect("default", operation: 2) } == [])
        _ = client.decide()
        #expect(client.run { $0.connect("default", operation: 3) } == [])
        #expect(client.run { $0.expire(1) } == ["finish 1 expired"])
        #expect(client.hear("$1;;;;;;") == ["at once", "entered default", "Connected default local", "finish 2", "finish 3"])
        #expect(client.run { $0.join("default", "lobby", operation: 4) }.count == 1)
        #expect(client.run { $0.join("default", "lobby", operation: 5) } == [])
        #expect(client.hear("$2;default;lobby;_OnRoomJoin;1;0;no").suffix(2) == ["finish 4 refused: no", "finish 5 refused: no"])
    }

    @Test(arguments: roles) func anAskIsMatchedByItsTokenWhateverTheOrder(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        var ask = Message(namespace: "default", event: "echo", isBinary: true, body: ByteBuffer(string: "a;b"))
        #expect(session.run { $0.ask(ask, operation: 11) } == ["send \(own)1;default;;echo;0;0;a;b binary"])
        ask.wait = WaitToken(bytes: ByteBuffer(string: "somebody else's"))
        #expect(session.run { $0.ask(ask, operation: 12) } == ["send \(own)2;default;;echo;0;0;a;b binary"])
        #expect(session.hear("\(own)2;default;;echo;1;0;broken") == ["at once", "finish 12 refused: broken"])
        guard case .immediate(let actions) = session.machine.receive(ByteBuffer(string: "\(own)1;default;;echo;0;0;a;b"), isBinary: true),
            case .finish(11, .success(let reply))? = actions.first
        else {
            Issue.record("no answer")
            return
        }
        #expect(reply.text == "a;b" && reply.isBinary)
        #expect(!session.machine.hasPendingOperations)
    }

    @Test func anAskOutsideTheNamespaceOrRoomIsNotSent() {
        var client = SessionScript.acknowledged(.client, in: ["default"])
        #expect(client.run { $0.ask(Message(namespace: "chat", event: "x"), operation: 1) } == ["finish 1 refused: bad namespace"])
        #expect(client.run { $0.emit(Message(namespace: "chat", event: "x")) } == [])
        #expect(
            client.run { $0.ask(Message(namespace: "default", room: "attic", event: "x"), operation: 2) }
                == ["finish 2 refused: bad room"], "an original server takes it and cannot answer")
        #expect(
            client.run { $0.emit(Message(namespace: "default", room: "attic", event: "x")) } == ["send ;default;attic;x;0;0;"],
            "whether the room is joined is the peer's to say")
    }

    @Test func anEmitCarriesNobodysToken() {
        var client = SessionScript.acknowledged(.client, in: ["default"])
        let message = Message(wait: WaitToken(bytes: ByteBuffer(string: "9")), namespace: "default", event: "x")
        #expect(client.run { $0.emit(message) } == ["send ;default;;x;0;0;"])
    }

    @Test(arguments: roles) func aLateAnswerIsDroppedAndCounted(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        _ = session.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 1) }
        _ = session.run { $0.join("default", "lobby", operation: 2) }
        #expect(session.run { $0.expire(1) } == ["finish 1 expired"])
        #expect(session.run { $0.expire(1) } == [])
        #expect(session.run { $0.expire(2) } == ["finish 2 expired"])
        #expect(!session.machine.hasPendingOperations)
        #expect(session.hear("\(own)1;default;;echo;0;0;late") == [])
        #expect(session.hear("\(own)2;;;;;;") == [])
        #expect(session.machine.lateAnswers == 2)
        #expect(session.machine.rooms(in: "default") == [])
    }

    @Test func onlyTheExactTokenIsAnAnswer() {
        var server = SessionScript.acknowledged(.server, in: ["default"])
        _ = server.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 1) }
        for token in ["01", "2", "18446744073709551617"] { #expect(server.hear("\(token);default;;echo;0;0;") == []) }
        for token in ["$1", "1x", " 1", "+1", "#$1", "#", "##1"] {
            #expect(server.hear("\(token);default;;echo;0;0;") == ["deliver \(token);default;;echo;0;0;"], "a peer's ask")
        }
        #expect(server.hear("1;default;;echo;0;0;") == ["at once", "finish 1"])
        var client = SessionScript.acknowledged(.client, in: ["default"])
        _ = client.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 1) }
        for token in ["$", "$01", "$1x", "$-1"] { #expect(client.hear("\(token);default;;echo;0;0;") == []) }
        #expect(client.hear("1;default;;echo;0;0;") == ["deliver 1;default;;echo;0;0;"], "a server's ask")
        #expect(client.hear("$1;default;;echo;0;0;") == ["at once", "finish 1"])
    }

    @Test(arguments: roles) func aConfirmationIsAnAnswer(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        _ = session.run { $0.join("default", "lobby", operation: 1) }
        _ = session.run { $0.join("default", "attic", operation: 2) }
        #expect(session.hear("#\(own)1;;;;;;").last == "finish 1")
        #expect(session.hearWhileBusy("#\(own)2;;;;;;")?.last == "finish 2")
        #expect(session.hear("#\(own)2;;;;;;") == [])
    }

    @Test(arguments: roles) func whileAHandlerRunsOnlyAnswersPass(_ role: SessionRole, _ own: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        _ = session.run { $0.ask(Message(namespace: "default", event: "echo"), operation: 1) }
        #expect(session.hearWhileBusy(";default;;chat;0;0;x") == nil)
        #expect(session.hearWhileBusy("\(own)9;default;;echo;0;0;x") == nil)
        #expect(session.hearWhileBusy("\(own)1") == nil, "no message")
        #expect(session.hearWhileBusy("\(own)1;default;;echo;0;0;x") == ["finish 1"])
        #expect(session.hearWhileBusy("\(own)1;default;;echo;0;0;x") == nil)
    }

    @Test func aConnectThatBothSidesAskForIsEnteredOnce() {
        var client = SessionScript.acknowledged(.client)
        _ = client.run { $0.connect("default", operation: 1) }
        _ = client.decide()
        _ = client.hear("5;default;;_OnNamespaceConnect;0;0;")
        #expect(client.decide() == ["entered default", "send 5;;;;;;", "Connected default"])
        #expect(client.hear("$1;;;;;;") == ["at once", "finish 1"])
        #expect(client.machine.namespaces == ["default"])
    }

    @Test func aJoinAnsweredAfterThePeerEndedTheNamespaceIsRefused() {
        var client = SessionScript.acknowledged(.client, in: ["default"])
        _ = client.run { $0.join("default", "lobby", operation: 1) }
        _ = client.hear("5;default;;_OnNamespaceDisconnect;0;0;")
        #expect(client.hear("$1;;;;;;").last == "finish 1 refused: bad namespace")
        #expect(client.machine.membership == [])
    }
}
