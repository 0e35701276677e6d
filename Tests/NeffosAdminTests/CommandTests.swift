import Neffos
import NeffosFeed
import NeffosObservatory
import TestSupport
import Testing

@testable import NeffosAdmin

@Suite(.fewAtOnce, .timeLimit(.minutes(2))) struct CommandTests {
    @Test func `a command reaches the server with the name that the server gives, and its outcome comes back`() async throws {
        try await AdminFixture.run { fixture in
            fixture.control.onCommand { _ in OperatorOutcome(count: 4, result: "done, but one") }
            let console = try await fixture.console()
            let action = OperatorCommand.Action.kick(code: 1008, reason: "enough", holdOff: 500)
            let outcome = try await console.control.perform(OperatorCommand(action, targets: .connections(["a"]), by: "root"))
            #expect(outcome == OperatorOutcome(count: 4, result: "done, but one"))
            let command = try #require(fixture.control.all.first)
            #expect(command.action == action)
            #expect(command.targets == .connections(["a"]))
            #expect(command.by.hasPrefix("admin uid "))
            #expect(command.by.hasSuffix("(test)"))
            #expect(try await console.control.detail(of: "a")?.figures.messagesIn == 3)
            #expect(try await console.control.detail(of: "gone") == nil)
            #expect(try await console.control.figures(of: ["a", "b"]).map(\.connection) == ["a", "b"])
            #expect(try await console.control.figures(of: nil).map(\.connection) == ["all"])
            await console.close()
        }
    }

    @Test func `a command that has no answer says whether it may have been done`() async throws {
        try await AdminFixture.run { fixture in
            let (waits, wait) = AsyncStream.makeStream(of: Void.self)
            fixture.control.onCommand { _ in
                for await _ in waits { break }
                return OperatorOutcome(count: 0)
            }
            let console = try await fixture.console()
            let control = try console.control
            async let outcome = control.perform(OperatorCommand(.ping, by: ""))
            try await eventually { fixture.control.all.count == 1 }
            try console.client.drop()
            let lost = await outcome
            wait.finish()
            #expect(lost.isRefused)
            #expect(lost.result == "the connection was lost before the server answered; see in its events whether it was done")
            await console.close()
            let away = await control.perform(OperatorCommand(.ping, by: ""))
            #expect(away.isRefused)
            #expect(away.result == "the server is away, so nothing was done; try again once it is back")
        }
    }

    @Test func `a command may name a hundred thousand connections`() async throws {
        try await AdminFixture.run { fixture in
            let console = try await fixture.console()
            let ids = (0..<100_000).map { "\($0)-0123456789012345678901234567890" }
            _ = try await console.control.perform(OperatorCommand(.ping, targets: .connections(ids), by: ""))
            #expect(fixture.control.all.map(\.targets) == [.connections(ids)])
            await console.close()
        }
    }

    @Test func `a filter is asked of the model when the command comes`() async throws {
        try await AdminFixture.run { fixture in
            let ada = try await fixture.member("ada", of: ["lobby"])
            let bob = try await fixture.member("bob", of: ["hall"])
            try await eventually { fixture.model.read { $0.places }[bob.id] == ["default": ["hall"]] }
            let console = try await fixture.console()
            _ = try await console.control.perform(OperatorCommand(.ping, targets: .matching("room:lobby"), by: ""))
            #expect(fixture.control.all.map(\.targets) == [.connections([ada.id])])
            let outcome = try await console.control.perform(OperatorCommand(.ping, targets: .matching("tries>>1"), by: ""))
            #expect(outcome.isRefused)
            #expect(outcome.result.hasPrefix("the filter is wrong: "))
            #expect(fixture.control.all.count == 1)
            await console.close()
            await ada.close()
            await bob.close()
        }
    }

    @Test(arguments: [true, false])
    func `a server that is read-only takes no command, whoever made it so`(byControl: Bool) async throws {
        try await AdminFixture.run(isReadOnly: byControl, { $0.isReadOnly = !byControl }) { fixture in
            let console = try await fixture.console()
            #expect(try console.control.isReadOnly)
            for action in [.ping, .tap(true), .drain, .pauseAdmission] as [OperatorCommand.Action] {
                let outcome = try await console.control.perform(OperatorCommand(action, by: ""))
                #expect(outcome.isRefused && outcome.result.contains("read-only"))
                #expect(await fixture.admin.control.perform(OperatorCommand(action, by: "")).isRefused)
            }
            #expect(fixture.control.all.isEmpty)
            #expect(try await console.control.detail(of: "a") != nil)
            // Each is told like any other.
            try await eventually { fixture.feed.statistics.eventsByType["operator.action"] == 8 }
            await console.close()
        }
    }

    @Test func `while a drill takes its time, everything else is answered`() async throws {
        try await AdminFixture.run { fixture in
            let (waits, wait) = AsyncStream.makeStream(of: Void.self)
            fixture.control.onCommand { _ in
                for await _ in waits { break }
                return OperatorOutcome(count: 1)
            }
            let console = try await fixture.console()
            let control = try console.control
            async let drill = control.perform(OperatorCommand(.drill(percent: 50, away: 1), by: ""))
            try await eventually { fixture.control.all.count == 1 }
            #expect(await control.detail(of: "a") != nil)
            wait.yield()
            #expect(await drill.count == 1)
            await console.close()
        }
    }

    @Test func `more asks at once than a console has need of are refused`() async throws {
        try await AdminFixture.run { fixture in
            let (waits, wait) = AsyncStream.makeStream(of: Void.self)
            fixture.control.onCommand { _ in
                for await _ in waits { break }
                return OperatorOutcome(count: 1)
            }
            let console = try await RawConsole.dial(fixture.admin.url)
            try await console.enter()
            let body = #"{"action":{"ping":{}},"targets":{"all":{}},"by":""}"#
            for index in 0..<ConsoleSession.mostAsks { try await console.send("$x\(index);feed;;command;0;0;\(body)") }
            await #expect(throws: RawConsole.Refused(text: "more than 32 asks at once; wait for the answers")) {
                try await console.ask("about", "{}")
            }
            wait.finish()
            await console.close()
        }
    }

    @Test(arguments: [
        ("about", "", "about: the body is no JSON object of this ask"),
        ("about", "{\"x\":1}", "about: there is no field \"x\""),
        ("about", "[1,2", "about: the body is no JSON object of this ask"),
        ("detail", "{}", "detail: the field \"connection\" is missing"),
        ("detail", "{\"connection\":7}", "detail: the field \"connection\" is not of its type"),
        ("detail", "{\"connection\":null}", "detail: the field \"connection\" may not be null"),
        ("tap", "{\"connection\":\"a\",\"on\":true,\"all\":true}", "tap: there is no field \"all\""),
        ("figures", "{\"connections\":[1]}", "figures: the field \"connections.Index 0\" is not of its type"),
        (
            "command", "{\"action\":{\"ping\":{\"hard\":true}},\"targets\":{\"all\":{}},\"by\":\"\"}",
            "command: there is no field \"hard\""
        ),
        ("command", "{\"targets\":{\"all\":{}},\"by\":\"\"}", "command: the field \"action\" is missing"),
        ("part", "{\"picture\":1,\"part\":0}", "there is no such picture; ask for one with \"picture\""),
        ("part", "{\"picture\":1,\"part\":9223372036854775807}", "there is no such picture; ask for one with \"picture\""),
        ("live", "{\"picture\":0}", "there is no such picture; ask for one with \"picture\""),
        ("picture", "{\"version\":-1}", "this server's picture has version \(Picture.version); ask for a snapshot"),
        (
            "events", "{}",
            "there is no such ask; there is about, snapshot, picture, part, live, detail, figures, tap, command"
        ),
    ])
    func `what is no ask is answered in a sentence`(ask: String, body: String, text: String) async throws {
        try await AdminFixture.run { fixture in
            let console = try await RawConsole.dial(fixture.admin.url)
            try await console.enter()
            await #expect(throws: RawConsole.Refused(text: text)) { try await console.ask(ask, body) }
            #expect(try await console.ask("about", "{}").contains("\"node\":\"test\""))
            await console.close()
        }
    }

    @Test func `a deep and a long body hurt nobody`() async throws {
        try await AdminFixture.run { fixture in
            let console = try await RawConsole.dial(fixture.admin.url)
            try await console.enter()
            let deep = "{\"connection\":" + String(repeating: "[", count: 100_000)
            await #expect(throws: RawConsole.Refused.self) { try await console.ask("detail", deep) }
            let long = "{\"connection\":\"" + String(repeating: "x", count: 900_000) + "\"}"
            #expect(try await console.ask("detail", long).contains("target"))
            let names = "{" + (0..<20_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
            await #expect(throws: RawConsole.Refused(text: "about: there is no field \"0\"")) { try await console.ask("about", names) }
            #expect(try await console.ask("about", "{}").contains("\"node\":\"test\""))
            await console.close()
        }
    }

    @Test func `who has no other name than the server gives is named once`() {
        #expect(FeedEndpoint.name(remote: "10.0.0.1:1", user: 0, calling: "uid 0") == "admin uid 0")
        #expect(FeedEndpoint.name(remote: "10.0.0.1:1", user: 0, calling: "uid 1") == "admin uid 0 (uid 1)")
        #expect(FeedEndpoint.name(remote: "10.0.0.1:1", user: nil, calling: "") == "admin 10.0.0.1:1")
        #expect(FeedEndpoint.name(remote: "10.0.0.1:1", user: nil, calling: "uid 0") == "admin 10.0.0.1:1 (uid 0)")
    }

    @Test func `what a client calls itself is cut, and stands behind what the server knows`() async throws {
        try await AdminFixture.run { fixture in
            let console = try await RawConsole.dial(fixture.admin.url)
            try await console.enter()
            let name = "\\u001b[31m" + String(repeating: "x", count: 1000)
            _ = try await console.ask("command", #"{"action":{"ping":{}},"targets":{"all":{}},"by":"\#(name)"}"#)
            let by = try #require(fixture.control.all.first?.by)
            #expect(by.hasPrefix("admin uid "))
            #expect(by.hasSuffix("([31m" + String(repeating: "x", count: 60) + ")"))
            await console.close()
        }
    }
}
