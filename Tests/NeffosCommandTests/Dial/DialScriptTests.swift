import Testing

@testable import NeffosCommand

@Suite struct DialScriptTests {
    @Test func `a line for once is taken apart at its semicolons`() throws {
        let steps = try DialScript.steps(of: "connect default; ask default echo hi there ;emit default #lobby chat \"a; b\";; quit")
        #expect(
            steps == [
                .connect(namespace: "default"), .ask(namespace: "default", room: "", event: "echo", body: "hi there"),
                .emit(namespace: "default", room: "lobby", event: "chat", body: "a; b"), .quit,
            ])
    }

    @Test(arguments: [
        ("join default lobby", DialStep.join(namespace: "default", room: "lobby")),
        ("join default #lobby", .join(namespace: "default", room: "lobby")),
        ("leave \"my space\" \"my room\"", .leave(namespace: "my space", room: "my room")),
        ("connect \"\"", .connect(namespace: "")),
        ("disconnect default", .disconnect(namespace: "default")),
        ("emit default ping", .emit(namespace: "default", room: "", event: "ping", body: "")),
        ("ask default echo  say \"hi\" ", .ask(namespace: "default", room: "", event: "echo", body: "say \"hi\"")),
        ("help", .help), ("rooms", .rooms), ("sleep 250ms", .sleep(DurationText(milliseconds: 250))), ("wait", .wait(nil)),
        ("wait default chat", .wait(DialWait(namespace: "default", room: nil, event: "chat"))),
        ("wait default #lobby chat", .wait(DialWait(namespace: "default", room: "lobby", event: "chat"))),
    ])
    func `each command is read`(line: String, step: DialStep) throws {
        #expect(try DialScript.step(of: line) == step)
    }

    @Test(arguments: [
        ("conect default", "\"conect\" is no command; did you mean \"connect\"?"),
        ("join default", "join lacks a name; write join NAMESPACE ROOM"),
        ("connect a b", "connect has a word too many; write connect NAMESPACE"),
        ("emit default #lobby", "emit lacks a name; write emit NAMESPACE [#ROOM] EVENT [BODY]"),
        ("sleep long", "\"long\" is not a duration; write a whole number and a unit, like 250ms, 5s, 2m or 1h"),
        ("wait default", "wait lacks a name; write wait NAMESPACE [#ROOM] EVENT"),
        ("rooms default", "rooms has a word too many; write rooms"),
        ("connect \"a", "a double quote is left open; close it"),
    ])
    func `a wrong line says what to write`(line: String, text: String) throws {
        let error = try #require(throws: ValueError.self) { try DialScript.step(of: line) }
        #expect(error.description == text)
    }

    @Test func `an empty line is nothing`() throws {
        #expect(try DialScript.step(of: "   ") == nil)
    }
}
