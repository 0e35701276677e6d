import NIOCore
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

/// What may happen while a client enters again what it was in.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientRestoringTests {
    /// A client that was in `rooms` of `default`, has been lost, and is acknowledged again.
    private func comingBack(
        rooms: [String], _ configuration: ClientConfiguration = ClientFixture.quick
    ) async throws -> (server: ClientRawServer, client: Client, peer: RawPeer) {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server, configuration)
        try await ClientFixture.enter(client, first, "default", rooms: [])
        // The server may put it into rooms, too.
        for room in rooms { try await first.send("s;default;\(room);_OnRoomJoin;0;0;") }
        try await eventually { await client.rooms(in: "default").count == rooms.count }
        try await first.cut()
        return (server, client, try await acknowledge(on: server, id: "two"))
    }

    private func acknowledge(on server: ClientRawServer, id: String) async throws -> RawPeer {
        let peer = try await server.keepProbe()
        try await peer.upgrade()
        _ = try await peer.text()
        try await peer.send("A" + id)
        return peer
    }

    private func reply(to message: Message, error: String? = nil, on peer: RawPeer) async throws {
        var reply = ByteBuffer()
        MessageCodec.write(error.map(message.failure) ?? Message(wait: message.wait), into: &reply)
        try await peer.send(String(buffer: reply))
    }

    private static let many = (0..<2000).map { "room\($0)" }

    @Test func `thousands of rooms that fail at once, as the server takes the namespace away, are no deep recursion`() async throws {
        let problems = ClientRecorder<String>()
        let configuration = ClientFixture.quick(telling: problems)
        let (_, client, peer) = try await comingBack(rooms: Self.many, configuration)
        _ = try await peer.answer("_OnNamespaceConnect")
        let join = try await peer.message()
        try await peer.send("x;default;;_OnNamespaceDisconnect;0;0;")
        try await reply(to: join, error: "no", on: peer)
        await client.states.until { $0 == .connected("two") }
        #expect(problems.all.count == Self.many.count)
        await client.close()
    }

    @Test func `nor are thousands that the server has put it into before it was asked`() async throws {
        let (_, client, peer) = try await comingBack(rooms: Self.many)
        let connect = try await peer.message()
        try await peer.send("y;default;;_OnNamespaceConnect;0;0;")
        for room in Self.many { try await peer.send("s;default;\(room);_OnRoomJoin;0;0;") }
        try await reply(to: connect, on: peer)
        await client.states.until { $0 == .connected("two") }
        #expect(await client.rooms(in: "default").count == Self.many.count)
        await client.close()
    }

    @Test(arguments: [nil, 1012] as [UInt16?]) func `a client that is lost again has no problem with what it was entering`(_ code: UInt16?)
        async throws
    {
        let problems = ClientRecorder<String>()
        let configuration = ClientFixture.quick(telling: problems)
        let (server, client, peer) = try await comingBack(rooms: ["lobby"], configuration)
        _ = try await peer.answer("_OnNamespaceConnect")
        _ = try await peer.message()
        if let code { _ = try await peer.close(CloseCode(rawValue: code)) } else { try await peer.cut() }
        let third = try await acknowledge(on: server, id: "three")
        _ = try await third.answer("_OnNamespaceConnect")
        _ = try await third.answer("_OnRoomJoin")
        await client.states.until { $0 == .connected("three") }
        #expect(problems.all.isEmpty)
        try await ClientFixture.end(client, third)
    }

    @Test func `a namespace that is left while it is being entered again is left once it is`() async throws {
        let (_, client, peer) = try await comingBack(rooms: ["lobby"])
        let connect = try await peer.message()
        #expect(connect.event == "_OnNamespaceConnect")
        async let left: Void = client.disconnect(from: "default")
        try await eventually { await client.namespaces.isEmpty }
        try await reply(to: connect, on: peer)
        _ = try await peer.answer("_OnNamespaceDisconnect")
        try await left
        await client.states.until { $0 == .connected("two") }
        #expect(await client.namespaces.isEmpty)
        try await ClientFixture.end(client, peer)
    }

    @Test func `one that is left while it is being entered again, in vain, is left`() async throws {
        let (_, client, peer) = try await comingBack(rooms: [])
        let connect = try await peer.message()
        async let left: Void = client.disconnect(from: "default")
        try await eventually { await client.namespaces.isEmpty }
        try await reply(to: connect, error: "no", on: peer)
        try await left
        await client.states.until { $0 == .connected("two") }
        #expect(await client.namespaces.isEmpty)
        try await ClientFixture.end(client, peer)
    }
}
