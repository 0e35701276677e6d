import NeffosSession
import NeffosWire
import Testing

/// Messages with events of the user's (protocol sections 3 to 5).
@Suite struct EventTests {
    static let roles: [(SessionRole, String)] = [(.server, "$p"), (.client, "p")]

    @Test(arguments: roles) func aMessageInsideItsNamespaceAndRoomIsDelivered(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby"])
        #expect(session.hear(";default;;chat;0;0;hello") == ["deliver ;default;;chat;0;0;hello"])
        #expect(session.hear("\(wait);default;lobby;chat;0;0;a;b") == ["deliver \(wait);default;lobby;chat;0;0;a;b"])
        #expect(session.hear(";default;;_mine;0;0;", isBinary: true) == ["deliver ;default;;_mine;0;0; binary"])
    }

    @Test(arguments: roles) func aMessageOutsideItsNamespaceIsAnsweredAnEmitToo(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.hear(";chat;;say;0;0;hello") == ["send ;chat;;say;1;0;bad namespace"])
        #expect(
            session.hear("\(wait);chat;;say;0;0;hello", isBinary: true) == ["send \(wait);chat;;say;1;0;bad namespace binary"])
    }

    @Test(arguments: roles) func aMessageForARoomNotJoinedIsAnswered(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default/lobby"])
        #expect(session.hear("\(wait);default;attic;say;0;0;hello") == ["send \(wait);default;attic;say;1;0;bad room"])
    }

    @Test(arguments: roles) func anErrorGoesToTheHandlerAndIsNeverAnswered(_ role: SessionRole, _ wait: String) {
        var session = SessionScript.acknowledged(role, in: ["default"])
        #expect(session.hear(";default;;say;1;0;no") == ["deliver ;default;;say;1;0;no"])
        #expect(session.hear(";default;attic;say;1;0;bad room") == ["deliver ;default;attic;say;1;0;bad room"])
        #expect(session.hear("\(wait);chat;;say;1;0;bad namespace") == [])
    }

    @Test(arguments: roles) func eventsThatOnlyTheLocalSideFiresAreForgeriesInAnyNamespace(_ role: SessionRole, _ wait: String) {
        let own = role == .server ? "3" : "$3"
        var session = SessionScript.acknowledged(role, in: ["default/lobby"])
        for event in ["_OnNamespaceConnected", "_OnRoomJoined", "_OnRoomLeft", "_OnAnyEvent", "_OnNativeMessage"] {
            for wait in [wait, "", own] {
                for namespace in ["default", "nowhere", ""] {
                    #expect(session.hear("\(wait);\(namespace);lobby;\(event);0;0;") == ["violation forged-event"])
                }
            }
        }
        #expect(session.machine.membership == [Membership(namespace: "default", rooms: ["lobby"])])
    }
}
