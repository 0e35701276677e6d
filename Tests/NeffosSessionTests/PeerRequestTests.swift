import NeffosSession
import NeffosWire
import Testing

/// The replier's side of the table in protocol section 5. A peer's token is `$p` at a server, `p` at a client.
@Suite struct PeerRequestTests {
    static let roles: [(SessionRole, String)] = [(.server, "$p"), (.client, "p")]

    @Test(arguments: roles) func aConnectIsDecidedAddedAnsweredAndTold(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        #expect(session.hear("\(wait);default;;_OnNamespaceConnect;0;0;") == ["Connect? default"])
        #expect(!session.machine.isConnected("default"))
        #expect(session.decide() == ["entered default", "send \(wait);;;;;;", "Connected default"])
        #expect(session.machine.namespaces == ["default"])
    }

    @Test(arguments: roles) func aConnectThatTheHandlerRefusesGoesBackAsAnError(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        _ = session.hear("\(wait);default;;_OnNamespaceConnect;0;0;", isBinary: true)
        #expect(
            session.decide("not today") == ["send \(wait);default;;_OnNamespaceConnect;1;0;not today", "denied default: not today"])
        #expect(session.machine.namespaces == [])
    }

    @Test(arguments: roles) func aConnectWhenAlreadyInGetsTheEmptyReply(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.hear("\(wait);default;;_OnNamespaceConnect;0;0;") == ["send \(wait);;;;;;"])
    }

    @Test(arguments: roles) func aConnectToAnUndeclaredNamespaceIsRefused(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        #expect(
            session.hear("\(wait);secret;;_OnNamespaceConnect;0;0;") == [
                "send \(wait);secret;;_OnNamespaceConnect;1;0;bad namespace", "denied secret: bad namespace",
            ])
    }

    @Test(arguments: roles) func aNamespaceTooManyIsRefused(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"], namespaces: 1)
        #expect(
            session.hear("\(wait);chat;;_OnNamespaceConnect;0;0;") == [
                "send \(wait);chat;;_OnNamespaceConnect;1;0;limit reached", "denied chat: limit reached",
            ])
    }

    @Test(arguments: roles) func aJoinIsDecidedAddedToldAndAnswered(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.hear("\(wait);default;lobby;_OnRoomJoin;0;0;") == ["RoomJoin? default/lobby"])
        #expect(!session.machine.isJoined("default", "lobby"))
        #expect(session.decide() == ["joined default/lobby", "RoomJoined default/lobby", "send \(wait);;;;;;"])
        #expect(session.machine.rooms(in: "default") == ["lobby"])
        #expect(session.hear("\(wait);default;lobby;_OnRoomJoin;0;0;") == ["send \(wait);;;;;;"])
    }

    @Test(arguments: roles) func aJoinThatTheHandlerRefusesGoesBackAsAnError(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        _ = session.hear("\(wait);default;lobby;_OnRoomJoin;0;0;")
        #expect(session.decide("closed") == ["send \(wait);default;lobby;_OnRoomJoin;1;0;closed", "denied default/lobby: closed"])
        #expect(session.machine.rooms(in: "default") == [])
    }

    @Test(arguments: roles) func aJoinOutsideTheNamespaceOrWithoutANameOrTooManyIsRefused(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby", "chat"], rooms: 1)
        #expect(session.hear("\(wait);other;x;_OnRoomJoin;0;0;").first == "send \(wait);other;x;_OnRoomJoin;1;0;bad namespace")
        #expect(session.hear("\(wait);default;;_OnRoomJoin;0;0;").first == "send \(wait);default;;_OnRoomJoin;1;0;bad room")
        #expect(
            session.hear("\(wait);chat;x;_OnRoomJoin;0;0;") == [
                "send \(wait);chat;x;_OnRoomJoin;1;0;limit reached", "denied chat/x: limit reached",
            ])
    }

    @Test func aLeaveAtAServerIsDecidedRemovedToldAndAnswered() {
        var server = SessionScript.acknowledged(.server, in: ["default/lobby"])
        #expect(server.hear("$p;default;lobby;_OnRoomLeave;0;0;") == ["RoomLeave? default/lobby"])
        #expect(server.decide("stay") == ["send $p;default;lobby;_OnRoomLeave;1;0;stay"])
        #expect(server.machine.isJoined("default", "lobby"))
        _ = server.hear("$p;default;lobby;_OnRoomLeave;0;0;")
        #expect(server.decide() == ["parted default/lobby", "RoomLeft default/lobby", "send $p;;;;;;"])
        #expect(!server.machine.isJoined("default", "lobby"))
    }

    @Test func aLeaveAtAClientCannotBeRefusedAndIsAnsweredBeforeItIsTold() {
        var client = SessionScript.acknowledged(.client, in: ["default/lobby"])
        #expect(
            client.hear("7;default;lobby;_OnRoomLeave;0;0;") == [
                "RoomLeave default/lobby", "parted default/lobby", "send 7;;;;;;", "RoomLeft default/lobby",
            ])
        #expect(client.machine.rooms(in: "default") == [])
    }

    @Test(arguments: roles) func aLeaveOfARoomNotJoinedGetsTheEmptyReplyButOutsideTheNamespaceAnError(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.hear("\(wait);default;lobby;_OnRoomLeave;0;0;") == ["send \(wait);;;;;;"])
        #expect(session.hear("\(wait);chat;lobby;_OnRoomLeave;0;0;") == ["send \(wait);chat;lobby;_OnRoomLeave;1;0;bad namespace"])
    }

    @Test func aDisconnectAtAServerIsDecidedThenLeavesTheRoomsIsRemovedAndAnswered() {
        var server = SessionScript.acknowledged(.server, in: ["default/lobby", "default/attic"])
        #expect(server.hear("$p;default;;_OnNamespaceDisconnect;0;0;") == ["Disconnect? default"])
        #expect(server.decide("stay") == ["send $p;default;;_OnNamespaceDisconnect;1;0;stay"])
        #expect(server.machine.isConnected("default"))
        _ = server.hear("$p;default;;_OnNamespaceDisconnect;0;0;")
        #expect(
            server.decide() == [
                "RoomLeave default/lobby forced", "parted default/lobby forced", "RoomLeft default/lobby forced",
                "RoomLeave default/attic forced", "parted default/attic forced", "RoomLeft default/attic forced",
                "left default", "send $p;;;;;;",
            ])
        #expect(server.machine.namespaces == [])
    }

    @Test func aDisconnectAtAClientCannotBeRefusedAndIsAnsweredBeforeItIsTold() {
        var client = SessionScript.acknowledged(.client, in: ["default/lobby"])
        #expect(
            client.hear("7;default;;_OnNamespaceDisconnect;0;0;") == [
                "RoomLeave default/lobby forced", "parted default/lobby forced", "RoomLeft default/lobby forced",
                "left default", "send 7;;;;;;", "Disconnect default",
            ])
    }

    @Test(arguments: roles) func aDisconnectFromWhereNobodyIsGetsTheEmptyReply(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        #expect(session.hear("\(wait);default;;_OnNamespaceDisconnect;0;0;") == ["send \(wait);;;;;;"])
    }

    @Test func repliesRepeatTheTokenWhateverItLooksLikeAndAreTextEvenToABinaryAsk() {
        var server = SessionScript.acknowledged(.server)
        for wait in ["$", "$x y", "#$5", "a!b", "-1", "$\u{1F600}"] {
            #expect(server.hear("\(wait);default;;_OnNamespaceDisconnect;0;1;", isBinary: true) == ["send \(wait);;;;;;"])
        }
    }

    @Test(arguments: roles) func aRequestWithoutATokenCannotBeAnsweredAndIsAViolation(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        #expect(session.hear(";default;;_OnNamespaceConnect;0;0;") == ["violation invalid-payload"])
        #expect(session.hear("\(wait);default;;_OnNamespaceConnect;1;0;what") == [])
        #expect(session.machine.namespaces == [])
    }

    @Test(arguments: roles) func whatChangedWhileTheHandlerRanIsCheckedAgain(_ role: SessionRole, _ wait: String) {
        let own = role == .server ? "" : "$"
        var session = SessionScript.acknowledged(role, in: ["default"])
        _ = session.hear("\(wait);default;lobby;_OnRoomJoin;0;0;")
        _ = session.run { $0.disconnect("default", operation: 1) }
        #expect(session.hearWhileBusy("\(own)1;;;;;;") == ["left default", "Disconnect default local", "finish 1"])
        #expect(
            session.decide() == [
                "send \(wait);default;lobby;_OnRoomJoin;1;0;bad namespace", "denied default/lobby: bad namespace",
            ])
        #expect(session.machine.namespaces == [])
    }

    @Test(arguments: roles) func anOutcomeThatComesAfterTheEndComesToNothing(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role)
        _ = session.hear("\(wait);default;;_OnNamespaceConnect;0;0;")
        #expect(session.run { $0.closed() } == [])
        #expect(session.decide() == [])
        #expect(session.machine.namespaces == [])
    }
}
