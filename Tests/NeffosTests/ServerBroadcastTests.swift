import Dispatch
import NIOCore
import NeffosFeed
import NeffosWire
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ServerBroadcastTests {
    @Test func `200 clients on several loops get every publisher's messages once and in order`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 4
        } _: { server in
            let clients = try await withThrowingTaskGroup(of: RawClient.self) { group in
                for _ in 0..<200 { group.addTask { try await server.member(of: ["r"]) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let outsider = try await server.member()
            let publishers = clients.prefix(5)
            let each = 20
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, publisher) in publishers.enumerated() {
                    group.addTask {
                        for index in 0..<each { try await publisher.send(";default;r;chat;0;0;\(number).\(index)") }
                    }
                }
                for client in clients {
                    group.addTask {
                        var next = Array(repeating: 0, count: publishers.count)
                        for _ in 0..<(publishers.count * each) {
                            let text = try await client.text()
                            let body = try #require(text.split(separator: ";").last).split(separator: ".").compactMap { Int($0) }
                            #expect(text.hasPrefix(";default;r;chat;0;0;"))
                            #expect(next[body[0]] == body[1])
                            next[body[0]] += 1
                        }
                    }
                }
                try await group.waitForAll()
            }
            for client in clients + [outsider] { #expect(try await client.ask("default;;echo;0;0;end") == ";default;;echo;0;0;end") }
        }
    }

    @Test func `The sender is left out where it is not to hear itself`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            let clients = [try await server.member(), try await server.member(), try await server.member()]
            try await clients[0].send(";default;;notify;0;0;x")
            #expect(try await clients[0].ask("default;;echo;0;0;end") == ";default;;echo;0;0;end")
            for client in clients[1...] { #expect(try await client.text() == ";default;;notify;0;0;x") }
        }
    }

    @Test func `A room's message goes to its members only, and a namespace's to all`() async throws {
        try await ServerFixture.run { server in
            let inside = try await server.member(of: ["r"])
            let outside = try await server.member(of: ["s"])
            try await inside.send(";default;r;chat;0;0;1")
            try await inside.send(";default;;chat;0;0;2")
            #expect(try await inside.texts(2) == [";default;r;chat;0;0;1", ";default;;chat;0;0;2"])
            #expect(try await outside.text() == ";default;;chat;0;0;2")
        }
    }

    @Test func `Members that come and go do not disturb those who stay`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.eventLoops = 2
        } _: { server in
            let staying = [try await server.member(of: ["r"]), try await server.member(of: ["r"])]
            let publisher = try await server.member(of: ["r"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for index in 0..<200 { try await publisher.send(";default;r;notify;0;0;\(index)") } }
                for _ in 0..<4 {
                    group.addTask {
                        for round in 0..<10 {
                            let guest = try await server.acknowledged()
                            try await guest.write(
                                RawClient.frames(["$1;default;;_OnNamespaceConnect;0;0;", "$2;default;r;_OnRoomJoin;0;0;"]))
                            let replies = try await guest.texts(2)
                            #expect(replies.first == "$1;;;;;;")
                            if round.isMultiple(of: 2) { await guest.cut() } else { try await guest.send("$3;default;r;_OnRoomLeave;0;0;") }
                        }
                    }
                }
                for client in staying {
                    group.addTask {
                        for index in 0..<200 {
                            let text = try await client.text()
                            #expect(text == ";default;r;notify;0;0;\(index)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `Publishers are read more slowly while a loop is behind, and nothing is lost`() async throws {
        let stuck = DispatchSemaphore(value: 0)
        let reports = Reports<String>()
        var handlers = EventHandlers.defaultRelay
        handlers.on("block", in: "default") { _, _ in
            reports.add("blocked")
            stuck.wait()
            return .none
        }
        try await ServerFixture.run(handlers) {
            $0.eventLoops = 2
            $0.limits.outboxBytes = 0
        } _: { server in
            let first = try await server.member()
            let second = try await server.member()
            let connection = try #require(server.server.connection(await first.id))
            let other = try #require(server.server.connection(await second.id))
            try #require(connection.loop !== other.loop)
            try await second.send(";default;;block;0;0;")
            #expect(await reports.next() == "blocked")
            let body = String(repeating: "x", count: 1_000_000)
            for index in 0..<40 { await first.post(RawClient.frame(";default;;notify;0;0;\(index).\(body)")) }
            try await connection.until { $0.isThrottled }
            stuck.signal()
            for index in 0..<40 { #expect(try await second.text().hasPrefix(";default;;notify;0;0;\(index).x")) }
            #expect(try await first.ask("default;;echo;0;0;end") == ";default;;echo;0;0;end")
        }
    }
}
