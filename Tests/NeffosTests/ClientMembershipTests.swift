import NIOCore
@testable import Neffos
import NeffosWire
import Synchronization
import TestSupport
import Testing

/// Where a client is and comes back to, and who waits for it.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ClientMembershipTests {
    @Test func `A client tells what it is in, while away what it comes back to, and on the way what is both`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        #expect(await client.namespaces == [])
        let namespace = try await ClientFixture.enter(client, first, "other", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "default", rooms: [])
        #expect(await client.namespaces == ["other", "default"])
        #expect(await namespace.rooms == ["lobby", "attic"])
        #expect(await client.isConnected(to: "default"))
        #expect(await !client.isConnected(to: "third"))

        let states = client.states
        try await first.cut()
        await states.until { $0 == .probing }
        #expect(await client.namespaces == ["other", "default"])
        #expect(await client.rooms(in: "other") == ["lobby", "attic"])
        try await client.namespace("other").leave("lobby")
        #expect(await namespace.rooms == ["attic"])

        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        let connect = try await second.message()
        #expect(client.state == .restoring)
        try await second.send("1;third;;_OnNamespaceConnect;0;0;")
        #expect(try await second.text() == "1;;;;;;")
        #expect(await client.namespaces == ["other", "default", "third"])
        try await second.send("\(String(buffer: connect.wait.bytes));;;;;;")
        _ = try await second.answer("_OnRoomJoin")
        _ = try await second.answer("_OnNamespaceConnect")
        await client.states.until { $0 == .connected("two") }
        #expect(await client.namespaces == ["third", "other", "default"], "in the order of this connection")
        try await ClientFixture.end(client, second)
        #expect(await client.namespaces == [])
    }

    @Test func `A room is a value that lasts over returns`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: [])
        let room = namespace.room("lobby")
        #expect(await !room.isJoined)
        async let joining: Void = room.join()
        #expect(try await first.answer("_OnRoomJoin").room == "lobby")
        try await joining
        #expect(await room.isJoined)
        #expect(try await namespace.join("lobby").name == "lobby", "in it already: nothing is asked")
        try await first.cut()
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.answer("_OnNamespaceConnect")
        #expect(!room.emit("chat", "too early"))
        _ = try await second.answer("_OnRoomJoin")
        await client.states.until { $0 == .connected("two") }
        #expect(await room.isJoined)
        #expect(room.emit("chat", "text"))
        #expect(room.emit("chat", ByteBuffer(string: "bytes"), isBinary: true))
        let text = try await second.message()
        #expect(text.room == "lobby" && text.text == "text" && !text.isBinary)
        #expect(try await second.message().isBinary)
        async let reply = room.ask("echo", "a")
        let ask = try await second.answer("echo")
        #expect(ask.room == "lobby" && ask.text == "a")
        _ = try await reply
        async let leaving: Void = room.leave()
        _ = try await second.answer("_OnRoomLeave")
        try await leaving
        #expect(await !room.isJoined)
        try await ClientFixture.end(client, second)
    }

    @Test func `All rooms and all namespaces are left one after the other, the one that cannot be left aside`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, peer, "default", rooms: ["lobby", "attic", "hall"])
        try await ClientFixture.enter(client, peer, "other", rooms: [])
        let leaving = Task { try await namespace.leaveAll() }
        #expect(try await peer.answer("_OnRoomLeave").room == "lobby")
        #expect(try await peer.answer("_OnRoomLeave", error: "stay").room == "attic")
        #expect(try await peer.answer("_OnRoomLeave").room == "hall")
        await #expect(throws: NeffosError("stay")) { try await leaving.value }
        #expect(await namespace.rooms == ["attic"])
        let disconnecting = Task { try await client.disconnectAll() }
        #expect(try await peer.answer("_OnNamespaceDisconnect", error: "not yet").namespace == "default")
        #expect(try await peer.answer("_OnNamespaceDisconnect").namespace == "other")
        await #expect(throws: NeffosError("not yet")) { try await disconnecting.value }
        #expect(await client.namespaces == ["default"])
        try await ClientFixture.end(client, peer)
    }

    @Test func `Away, all is left by forgetting it`() async throws {
        let server = try await ClientRawServer.start()
        let (client, first) = try await ClientFixture.connected(to: server)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "other", rooms: [])
        let states = client.states
        try await first.cut()
        await states.until { $0 == .probing }
        try await namespace.leaveAll()
        #expect(await client.namespaces == ["default", "other"])
        try await client.disconnectAll()
        #expect(await client.namespaces == [])
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        await client.states.until { $0 == .connected("two") }
        try await ClientFixture.end(client, second)
    }

    @Test func `What is left while the handlers of the drop still run is not entered again`() async throws {
        let server = try await ClientRawServer.start()
        let gate = ClientWaiter<Void>()
        let (running, runs) = AsyncStream.makeStream(of: Void.self)
        var handlers = ClientFixture.handlers
        handlers.on(SystemEventName.namespaceDisconnect, in: "default") { _, _ async throws in
            runs.yield()
            try await gate.value {}
            return .none
        }
        let (client, first) = try await ClientFixture.connected(to: server, handlers: handlers)
        let namespace = try await ClientFixture.enter(client, first, "default", rooms: ["lobby", "attic"])
        try await ClientFixture.enter(client, first, "other", rooms: [])
        try await first.cut()
        var iterator = running.makeAsyncIterator()
        await iterator.next()
        #expect(await client.namespaces == ["default", "other"])
        try await namespace.leave("lobby")
        try await client.disconnect(from: "other")
        gate.resume(.success(()))
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        _ = try await second.answer("_OnNamespaceConnect")
        #expect(try await second.answer("_OnRoomJoin").room == "attic")
        await client.states.until { $0 == .connected("two") }
        #expect(await client.namespaces == ["default"])
        try await ClientFixture.end(client, second)
    }

    // MARK: Waiting for the server's connect

    @Test func `Who waits for a namespace gets it when the server connects, and at once where the client is in it`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        async let waiting = client.waitForConnect(to: "default")
        try await peer.send("1;default;;_OnNamespaceConnect;0;0;")
        #expect(try await peer.text() == "1;;;;;;")
        #expect(try await waiting.namespace == "default")
        #expect(try await client.waitForConnect(to: "default", within: .zero).namespace == "default")
        await #expect(throws: NeffosError("bad namespace")) { try await client.waitForConnect(to: "undeclared") }
        await #expect { try await client.waitForConnect(to: "other", within: .zero) } throws: { ($0 as? NeffosError)?.code == .timeout }
        try await ClientFixture.end(client, peer)
    }

    @Test func `Who waits for a namespace waits for the first connection, and over a drop`() async throws {
        let server = try await ClientRawServer.start()
        let client = try ClientFixture.client(server.url)
        await #expect { try await client.waitForConnect(to: "default", within: .zero) } throws: { ($0 as? NeffosError)?.code == .timeout }
        let waiting = Task { try await client.waitForConnect(to: "default", within: .seconds(Int64.max)) }
        async let connecting: Void = client.connect()
        let (first, _) = try await server.serve(id: "one")
        try await connecting
        let connection = try #require(client.connection)
        try await eventually { await connection.read { $0.operations != nil } }
        try await first.cut()
        try await server.answerProbe()
        let (second, _) = try await server.serve(id: "two")
        try await second.send("1;default;;_OnNamespaceConnect;0;0;")
        #expect(try await second.text() == "1;;;;;;")
        let namespace = try await waiting.value
        #expect(namespace.emit("chat", "here"))
        #expect(try await second.message().text == "here")
        try await ClientFixture.end(client, second)
    }

    @Test func `Who waits for a namespace ends with its task, and with the client`() async throws {
        let server = try await ClientRawServer.start()
        let (client, peer) = try await ClientFixture.connected(to: server)
        let states = client.states
        let here = Task { try await client.waitForConnect(to: "default") }
        let cancelledHere = Task { try await client.waitForConnect(to: "default") }
        cancelledHere.cancel()
        await #expect(throws: CancellationError.self) { try await cancelledHere.value }
        try await peer.cut()
        await states.until { $0 == .probing }
        let away = Task { try await client.waitForConnect(to: "default") }
        try await eventually { await Self.waiting(client) == 2 }
        away.cancel()
        await #expect(throws: CancellationError.self) { try await away.value }
        #expect(await Self.waiting(client) == 1)
        await client.close()
        await #expect { try await here.value } throws: { ($0 as? NeffosError)?.code == .writeClosed }
        await #expect { try await client.waitForConnect(to: "default") } throws: { ($0 as? NeffosError)?.code == .writeClosed }
    }

    private static func waiting(_ client: Client) async -> Int {
        let reconnector = client.reconnector
        return (try? await reconnector.loop.submit { reconnector.state.value.waiting.count }.get()) ?? 0
    }
}
