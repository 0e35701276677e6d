import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct TapTests {
    private func message(_ number: Int, at milliseconds: Int, of id: String = "a") -> FeedEvent {
        Scene.message("m\(number)", of: id, at: Scene.noon + milliseconds)
    }

    @Test func `Of a flood a hundred of each half second are kept and the rest is counted`() {
        var tap = MessageTap("a", log: EventLog())
        tap.refresh(from: Scene.log((0..<1000).map { message($0, at: $0) }))
        #expect(tap.count == 1000)
        #expect(tap.lines.count == 200)
        #expect(tap.skipped == 800)
        #expect(tap.lines.map(\.message.body).prefix(2) == ["m0", "m1"])
        #expect(tap.lines[100].message.body == "m500")
    }

    @Test func `Only what comes after the tap began, of this connection, is shown, and once`() {
        var events = [message(1, at: 0)]
        var tap = MessageTap("a", log: Scene.log(events))
        events += [message(2, at: 10), message(3, at: 11, of: "b")]
        for _ in 0..<3 { tap.refresh(from: Scene.log(events)) }
        #expect(tap.lines.map(\.message.body) == ["m2"])
        // The log is full: what it lost cannot be shown.
        events += (4..<40).map { message($0, at: $0 * 10) }
        tap.refresh(from: Scene.log(events, capacity: 10))
        #expect(tap.lines.count == 11)
    }

    @Test func `A tape that is wound back does not stop it`() {
        let events = (0..<20).map { message($0, at: $0 * 1000) }
        var tap = MessageTap("a", log: EventLog())
        tap.refresh(from: Scene.log(events))
        tap.isHex = true
        tap.refresh(from: Scene.log(Array(events.prefix(5))))
        #expect(tap.lines.isEmpty)
        #expect(tap.isHex)
        tap.refresh(from: Scene.log(Array(events.prefix(7))))
        #expect(tap.lines.map(\.message.body) == ["m5", "m6"])
    }

    @Test func `Memory is bounded and who reads further up stays there`() {
        var tap = MessageTap("a", log: EventLog())
        var events = (0..<20).map { message($0, at: $0 * 1000) }
        tap.refresh(from: Scene.log(events))
        tap.scroll(by: -5, visible: 10)
        let seen = tap.shown(10).map(\.message.body)
        #expect(seen.last == "m14")
        events += [message(20, at: 20_000)]
        tap.refresh(from: Scene.log(events))
        #expect(tap.shown(10).map(\.message.body) == seen)
        tap.scroll(by: 100, visible: 10)
        #expect(tap.shown(10).last?.message.body == "m20")
        tap.refresh(from: Scene.log((0..<5000).map { message($0, at: $0 * 1000) }))
        #expect(tap.lines.count <= MessageTap.capacity)
    }

    @Test func `The tap opens with the detail and ends when one leaves it`() {
        var console = Console(.steered, columns: 120, rows: 35)
        console.type("2t")
        #expect(console.model.tapWish == nil)
        console.press(.enter)
        console.type("t")
        let id = console.model.connections.selected
        #expect(console.model.tapWish == id)
        #expect(console.text.contains("no message since the tap began"))
        console.press(.down)
        #expect(console.model.tapWish == nil)
        for leave in [Key.escape, .character("1"), .character("t")] {
            console.type("2")
            console.press(.enter)
            console.type("t")
            #expect(console.model.tapWish != nil)
            console.press(leave)
            #expect(console.model.tapWish == nil)
        }
        console.type("2a")
        console.type("t")
        #expect(console.model.tapWish == console.model.connections.selected)
    }

    @Test func `Bodies are shown as text or in hexadecimal, and cannot act on the terminal`() {
        var console = Console(.steered, columns: 120, rows: 35)
        console.type("2")
        console.press(.enter)
        console.type("t")
        let id = console.model.connections.selected ?? ""
        console.scene.recentEvents = Scene.log(
            (0..<6).map { FeedEvent(time: Scene.noon + $0, kind: .connectionAcknowledged(connection: "x", after: 1)) } + [
                Scene.message("hé\u{1B}[2J", of: id, at: Scene.noon + 10)
            ])
        console.pass(.seconds(1))
        #expect(console.text.contains("hé␛[2J"))
        console.type("h")
        #expect(console.text.contains("68 c3 a9 1b 5b 32 4a"))
    }

    @Test func `A server that refuses the tap ends it and says why`() {
        var console = Console(.steered)
        console.type("2")
        console.press(.enter)
        console.type("t")
        let id = console.model.connections.selected ?? ""
        let command = OperatorCommand(.tap(true), targets: .connections([id]), by: "console")
        console.model.take(OperatorOutcome(count: 1), of: command, now: console.now)
        #expect(console.model.tapWish == id)
        #expect(!console.text.contains("tap: 1 done"))
        console.model.take(.refused("no such connection"), of: command, now: console.now)
        #expect(console.model.tapWish == nil)
        #expect(console.text.contains("tap refused: no such connection"))
    }

    @Test func `The detail lists what was told, secrets as they came, and the last events`() {
        var console = Console(.steered, columns: 200, rows: 60)
        console.type("2")
        console.press(.enter)
        let id = console.model.connections.selected ?? ""
        console.model.take(Scene.details(of: "another"), of: "another")
        #expect(console.model.details == nil)
        console.model.take(Scene.details(of: id), of: id)
        for text in [
            "Authorization: ***", "/echo?token=***", "round trip 0.5ms", "opened after 2 tries", "refused room vip of default: full␛[31m",
        ] {
            #expect(console.text.contains(text), "\(text)")
        }
        console.press(.down)
        #expect(!console.text.contains("Authorization"))
    }
}
