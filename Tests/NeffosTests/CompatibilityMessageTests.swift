import NIOCore
import Neffos
import Testing

/// Messages, names and texts beside those of the originals: see Compatibility.md.
@Suite struct CompatibilityMessageTests {
    @Test func `System events have the names of the originals`() {
        let names = [
            "_OnNamespaceConnect", "_OnNamespaceConnected", "_OnNamespaceDisconnect", "_OnRoomJoin", "_OnRoomJoined", "_OnRoomLeave",
            "_OnRoomLeft",
        ]
        #expect(LifecycleEvent.allCases.map(\.rawValue) == names)
        #expect(
            [
                SystemEventName.namespaceConnect, SystemEventName.namespaceConnected, SystemEventName.namespaceDisconnect,
                SystemEventName.roomJoin, SystemEventName.roomJoined, SystemEventName.roomLeave, SystemEventName.roomLeft,
            ] == names)
        #expect(SystemEventName.any == "_OnAnyEvent" && SystemEventName.nativeMessage == "_OnNativeMessage")
        #expect(names.allSatisfy(SystemEventName.isSystemEvent))
        #expect(!["", "chat", SystemEventName.any, SystemEventName.nativeMessage].contains(where: SystemEventName.isSystemEvent))
        #expect(LifecycleEvent(rawValue: "_OnRoomJoin") == .roomJoin && LifecycleEvent(rawValue: "chat") == nil)
    }

    @Test func `The protocol's errors have the texts of the originals`() {
        let texts: [NeffosError.Code: String] = [
            .badNamespace: "bad namespace", .badRoom: "bad room", .invalidPayload: "invalid payload", .serverClosed: "server closed",
            .writeClosed: "[-1] write closed",
        ]
        for (code, text) in texts {
            #expect(NeffosError(code).text == text && NeffosError(text) == NeffosError(code))
            #expect("\(NeffosError(code))" == text)
        }
        #expect(NeffosError("write closed").code == .writeClosed)
        #expect(NeffosError("no such text").code == .other)
    }

    @Test func `Close codes have the numbers of RFC 6455`() {
        let codes: [(CloseCode, UInt16)] = [
            (.normal, 1000), (.goingAway, 1001), (.protocolError, 1002), (.unsupportedData, 1003), (.noStatus, 1005), (.abnormal, 1006),
            (.invalidPayload, 1007), (.policyViolation, 1008), (.tooBig, 1009), (.internalError, 1011), (.serviceRestart, 1012),
            (.overloaded, 1013),
        ]
        for (code, number) in codes { #expect(code.rawValue == number && CloseCode(rawValue: number) == code) }
    }

    @Test func `A message says whether it expects a reply, and can be told not to`() async throws {
        var handlers = EventHandlers()
        handlers.on("asks", in: "default") { _, message in
            let isAsk = !message.wait.isNone
            var copy = message
            copy.wait = .none
            return .text("\(isAsk) \(!copy.wait.isNone)")
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;asks;0;0;") == ";default;;asks;0;0;true false")
            try await client.send(";default;;asks;0;0;")
            #expect(try await client.text() == ";default;;asks;0;0;false false")
        }
        #expect(Message(namespace: "default", event: "asks").wait.isNone)
    }

    @Test func `A message is made of a value and read as one`() throws {
        struct Point: Codable, Equatable { var x, y: Int }
        let message = try Message(namespace: "default", room: "r", event: "moved", value: Point(x: 1, y: 2))
        #expect(message.text == #"{"x":1,"y":2}"# && !message.isBinary)
        #expect(message.namespace == "default" && message.room == "r" && message.event == "moved")
        #expect(try message.decode() == Point(x: 1, y: 2))
        #expect(throws: MessageBodyError.self) { try message.decode(Int.self) }
        #expect(String(buffer: try JSONMessageCoder().encode([1, 2])) == "[1,2]")
    }
}
