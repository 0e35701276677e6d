import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Neffos

/// What can be known of a connection, from anywhere.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ConnectionFactsTests {
    private enum Visits: ConnectionKey { typealias Value = Int }
    private enum Name: ConnectionKey { typealias Value = String }

    private func connection(_ server: ServerFixture, _ client: RawClient) async throws -> Connection {
        try #require(server.server.connection(await client.id))
    }

    @Test func `A connection knows its request, headers of the URL included, and the tries`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.dial()
            let target = "/echo?X-Websocket-Header-X-Username=eve&x=1"
            let headers = [("X-Seat", "7"), ("x-seat", "8"), ("User-Agent", "browser"), ("X-Websocket-Reconnect", "4")]
            #expect(try await client.upgrade(headers, target: target).status == 101)
            try await client.acknowledge()
            let connection = try await connection(server, client)
            #expect(connection.request.target == target)
            #expect(connection.request["X-SEAT"] == "7")
            #expect(connection.request.values(of: "x-seat") == ["7", "8"])
            #expect(connection.request["x-username"] == "eve")
            #expect(connection.request["X-Sea"] == nil)
            #expect(connection.request.headers.contains { $0 == ("User-Agent", "browser") })
            #expect(connection.userAgent == "browser")
            #expect(connection.tries == 4 && connection.wasReconnected)
            #expect(connection.address == "127.0.0.1" && connection.remote == client.local)
            #expect(connection.isServer)
        }
    }

    @Test func `A header's value stands as it came, its colons and empty ends too`() {
        let info = RequestInfo(target: "/a:b", headers: ["A": "x:y", "B": "", "C": " z "], given: ["b": "no", "d": "e\nf"])
        #expect(info.target == "/a:b")
        #expect(info["a"] == "x:y")
        #expect(info["B"] == "")
        #expect(info["c"] == " z ")
        #expect(info["D"] == "e f")
        #expect(info.headers.count == 4)
        #expect(RequestInfo.none.headers.isEmpty && RequestInfo.none.target == "")
    }

    @Test func `Values of the application are typed, and changed in one step`() async throws {
        try await ServerFixture.run { server in
            let connection = try await connection(server, try await server.acknowledged())
            #expect(connection[Visits.self] == nil)
            connection[Name.self] = "ann"
            await withDiscardingTaskGroup { group in
                for _ in 0..<100 { group.addTask { connection.update(Visits.self, default: 0) { $0 += 1 } } }
            }
            #expect(connection[Visits.self] == 100)
            #expect(connection[Name.self] == "ann")
            connection[Name.self] = nil
            #expect(connection[Name.self] == nil)
        }
    }

    @Test func `It says where it is, and leaves all at once`() async throws {
        var handlers = EventHandlers.defaultRelay
        handlers.declare("other")
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["b", "a"])
            try await client.enter("other", rooms: [])
            let connection = try await connection(server, client)
            #expect(await connection.namespaces == ["default", "other"])
            #expect(await connection.rooms(in: "default") == ["b", "a"])
            #expect(await connection.isConnected(to: "other"))
            #expect(!(await connection.isConnected(to: "elsewhere")))
            async let left: Void = connection.disconnectAll()
            for namespace in ["default", "other"] {
                let ask = try await client.text()
                #expect(ask.hasSuffix(";\(namespace);;_OnNamespaceDisconnect;0;0;"))
                try await client.send("\(try #require(ask.split(separator: ";").first));;;;;;")
            }
            try await left
            #expect(await connection.namespaces == [])
        }
    }

    @Test func `Somebody can wait for the other side's connect`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            let connection = try await connection(server, client)
            let waiting = Task { try await connection.waitForConnect(to: "default") }
            try await connection.until { $0.operations != nil }
            try await client.enter("default", rooms: [])
            #expect(try await waiting.value.namespace == "default")
            // In already: at once.
            _ = try await connection.waitForConnect(to: "default")
            await #expect(throws: NeffosError.self) { try await connection.waitForConnect(to: "undeclared") }
        }
    }

    @Test func `A wait for a connect ends with the connection, its deadline or its task`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            let connection = try await connection(server, client)
            await #expect(throws: NeffosError.self) {
                try await connection.waitForConnect(to: "default", within: .milliseconds(1))
            }
            let cancelled = Task { try await connection.waitForConnect(to: "default") }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
            let ended = Task { try await connection.waitForConnect(to: "default") }
            await client.cut()
            await #expect(throws: NeffosError.self) { _ = try await ended.value }
        }
    }

    @Test func `It tells how it ended, before and after`() async throws {
        try await ServerFixture.run { server in
            let client = try await server.acknowledged()
            let connection = try await connection(server, client)
            #expect(!connection.isClosed)
            #expect(await connection.closeInfo == nil)
            async let end = connection.closed()
            try await client.write(RawClient.closeFrame(.normal))
            #expect(await end == CloseInfo(code: .normal, reason: "", by: .client))
            #expect(connection.isClosed)
            #expect(await connection.closeInfo?.code == .normal)
            #expect(await connection.closed().code == .normal)
        }
    }

    @Test func `Who keeps a connection past its server's end waits for nothing`() async throws {
        let kept = Mutex<Connection?>(nil)
        let gate = Gate()
        let reports = Reports<String>()
        var handlers = EventHandlers.defaultRelay
        handlers.on("slow", in: "default") { connection, _ async in
            reports.add("began")
            await gate.pass()
            reports.add("\(connection.connection.isClosed)")
            return .none
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            let open = try await self.connection(server, client)
            kept.withLock { $0 = open }
            try await client.send(";default;;slow;0;0;")
            #expect(await reports.next() == "began")
        }
        let connection = try #require(kept.withLock { $0 })
        #expect(connection.isClosed)
        await #expect(throws: NeffosError.self) { _ = try await connection.ask(Message(namespace: "default", event: "q")) }
        await #expect(throws: NeffosError.self) { _ = try await connection.waitForConnect(to: "default") }
        #expect(await connection.namespaces == [])
        #expect(await connection.closed().code == .goingAway)
        connection.emit(Message(namespace: "default", event: "x"))
        connection.close()
        // A handler that outlived the server ends too.
        gate.open()
        #expect(await reports.next() == "true")
    }
}
