import NIOCore
import NeffosSession
import NeffosWire
import Testing

@Suite struct AckTests {
    @Test func aClientAsksForTheAckAndTakesItsId() {
        var client = SessionScript(.client)
        #expect(client.run { $0.opened() } == ["send M"])
        #expect(!client.machine.isAcknowledged)
        #expect(client.hear("A2178e0a1") == ["acknowledged 2178e0a1"])
        #expect(client.machine.isAcknowledged && client.machine.id == "2178e0a1")
    }

    @Test func aClientThatIsRefusedHearsTheTextAndIgnoresTheRest() {
        var client = SessionScript(.client)
        _ = client.machine.opened()
        #expect(client.hear("Hno such user") == ["refused no such user"])
        #expect(client.hear("Ame") == [])
        #expect(!client.machine.isAcknowledged)
    }

    @Test func aServerDecidesAndWritesTheIdBeforeItTakesTheFramesThatCameEarly() {
        var server = SessionScript(.server)
        #expect(server.run { $0.opened() } == [])
        #expect(server.hear("$1;default;;_OnNamespaceConnect;0;0;") == [])
        #expect(server.hear("M") == ["decide"])
        #expect(server.hear("$2;default;lobby;_OnRoomJoin;0;0;", isBinary: true) == [])
        #expect(
            server.run { $0.accept(id: "me") } == [
                "send Ame", "acknowledged me",
                "replay $1;default;;_OnNamespaceConnect;0;0; | $2;default;lobby;_OnRoomJoin;0;0; binary",
            ])
        #expect(server.machine.id == "me")
        #expect(server.run { $0.accept(id: "other") } == [])
    }

    @Test func aClientKeepsRepliesThatComeBeforeTheAck() {
        var client = SessionScript(.client)
        _ = client.machine.opened()
        #expect(client.hear("$1;;;;;;") == [])
        #expect(client.hear("Ame") == ["acknowledged me", "replay $1;;;;;;"])
    }

    @Test func anEarlyFrameIsCopiedOutOfTheReadBuffer() {
        var client = SessionMachine(rules: SessionRules(role: .client, declaredNamespaces: ["default"]))
        let read = ByteBuffer(repeating: UInt8(ascii: "x"), count: 65536)
        _ = client.receive(read.getSlice(at: 10, length: 20) ?? read, isBinary: false)
        guard case .actions(let actions) = client.receive(ByteBuffer(string: "Ame"), isBinary: false),
            case .replay(let frames)? = actions.last
        else {
            Issue.record("no replay")
            return
        }
        #expect(frames.map(\.payload.readableBytes) == [20])
        #expect(frames.allSatisfy { $0.payload.storageCapacity <= 64 })
    }

    @Test func aRefusedClientIsToldAndClosedWith1008() {
        var server = SessionScript(.server)
        _ = server.hear("M")
        #expect(server.run { $0.refuse("full of people") } == ["send Hfull of people", "close 1008"])
        #expect(server.hear("M") == [])
        #expect(server.run { $0.accept(id: "me") } == [])
    }

    @Test(arguments: ["Ame", "Hno"]) func aClientThatAcknowledgesItselfIsClosedWith1002(_ frame: String) {
        var server = SessionScript(.server)
        #expect(server.hear(frame) == ["violation self-acknowledgement", "close 1002"])
        #expect(server.hear("M") == [])
        #expect(!server.machine.isAcknowledged)
    }

    @Test func the65thFrameBeforeTheAckClosesWith1008() {
        var server = SessionScript(.server)
        for _ in 1...64 { #expect(server.hear(";a;;b;0;0;") == []) }
        #expect(server.hear(";a;;b;0;0;") == ["violation early-frames", "close 1008"])
        #expect(server.hear("M") == [])
    }

    @Test func moreThan64KiBBeforeTheAckClosesWith1008() {
        var server = SessionScript(.server)
        _ = server.hear("M")
        #expect(server.hear(String(repeating: "x", count: 65536)) == [])
        #expect(server.hear("x") == ["violation early-frames", "close 1008"])
        #expect(server.run { $0.accept(id: "me") } == [])
    }

    @Test(arguments: [SessionRole.client, .server], ["M", "Aother", "Hno", "", "a;b;c"])
    func afterTheAckAcksAndTheLikeAreInvalidPayloads(_ role: SessionRole, _ frame: String) {
        var session = SessionScript.acknowledged(role)
        #expect(session.hear(frame) == ["violation invalid-payload"])
        #expect(session.machine.id == "me")
    }

    @Test(arguments: [SessionRole.client, .server]) func inNativeOnlyModeThereIsNoAckAndEveryFrameIsNative(_ role: SessionRole) {
        var session = SessionScript(role, declared: [""], native: .only)
        #expect(session.run { $0.opened() } == ["acknowledged "])
        #expect(session.hear("M") == ["native M"])
        #expect(session.hear(";default;;chat;0;0;x", isBinary: true) == ["native ;default;;chat;0;0;x binary"])
        #expect(session.hearWhileBusy("1;;;;;;") == nil)
        #expect(session.run { $0.connect("", operation: 1) } == ["finish 1 refused: bad namespace"])
    }

    @Test func amongMixedMessagesWhatIsNoNeffosMessageIsNative() {
        var server = SessionScript(.server, declared: ["", "default"], native: .mixed)
        _ = server.hear("M")
        _ = server.run { $0.accept(id: "me") }
        _ = server.hear("$1;;;_OnNamespaceConnect;0;0;")
        _ = server.decide()
        #expect(server.hear("hello") == ["native hello"])
        #expect(server.hear(";;;chat;0;0;hello") == ["deliver ;;;chat;0;0;hello"])
    }

    /// Whoever may not connect to the namespace of native messages may not send them either.
    @Test func amongMixedMessagesANativeOneNeedsItsNamespace() {
        var server = SessionScript(.server, declared: ["", "default"], native: .mixed)
        _ = server.hear("M")
        _ = server.run { $0.accept(id: "me") }
        #expect(server.hear("hello") == ["violation invalid-payload"])
        _ = server.hear("$1;;;_OnNamespaceConnect;0;0;")
        _ = server.decide("members only")
        #expect(server.hear("hello") == ["violation invalid-payload"])
        #expect(!server.machine.takesNative)
    }

    @Test func nothingCanBeAskedBeforeTheAck() {
        var client = SessionScript(.client)
        #expect(client.run { $0.connect("default", operation: 1) } == ["finish 1 refused: not acknowledged"])
        #expect(client.run { $0.emit(Message(namespace: "default", event: "chat")) } == [])
    }
}
