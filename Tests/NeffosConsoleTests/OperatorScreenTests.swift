import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// What an operator does, as it looks.
@Suite struct OperatorScreenTests {
    private static let views: [(name: String, keys: [Key])] = [
        ("menu", [.character("2"), .character("a")]),
        ("menu-marked", [.character("2"), .character("m"), .character("m"), .character("a"), .down, .down]),
        ("menu-server", [.character("1"), .character("a")]),
        ("kick", [.character("2"), .character("x")]),
        ("kick-errors", [.character("2"), .character("x"), .backspace, .tab, .tab, .character("x"), .enter]),
        ("send", [.character("2"), .character("a"), .character("s"), .tab, .tab]),
        ("confirm-kick", [.character("2"), .character("*"), .character("x"), .enter, .character("9"), .enter]),
        ("confirm-drain", [.character("1"), .character("a"), .character("D")]),
        ("drill", [.character("4"), .character("d")]),
        ("confirm-drill", [.character("4"), .character("d"), .enter]),
        ("columns", [.character("2"), .character("c"), .down, .down, .character(" ")]),
        ("figures", [.character("2"), .character(">"), .character(">")]),
    ]

    @Test(arguments: GoldenScreenTests.sizes)
    func `Menus, forms and confirmations are as they were last looked at`(size: Size) {
        for (name, keys) in Self.views {
            var console = Console(.steered, columns: size.columns, rows: size.rows)
            for key in keys { console.press(key) }
            Golden.check(console.frame, "view-\(name)-\(size.columns)x\(size.rows)")
        }
    }

    @Test(arguments: GoldenScreenTests.sizes)
    func `The detail with its headers, its last events and its messages is as it was last looked at`(size: Size) {
        var console = Console(.steered, columns: size.columns, rows: size.rows)
        console.type("2")
        let id = console.scene.rows[0].id
        console.press(.enter)
        console.model.details = Scene.details(of: id)
        console.pass(.zero)
        Golden.check(console.frame, "view-detail-told-\(size.columns)x\(size.rows)")
        console.type("t")
        Golden.check(console.frame, "view-tap-silent-\(size.columns)x\(size.rows)")
        let bodies = [#"{"text":"hello"}"#, "wide 名前 👩‍👩‍👧‍👦", "escape \u{1B}[2J\u{7}", String(repeating: "long ", count: 80)]
        let events = (0..<240).map { index in
            Scene.message(
                index < 220 ? "flood \(index)" : bodies[index % 4], of: id, at: Scene.noon + (index < 220 ? 10 : 600 + index),
                index % 3 == 0 ? .out : .in)
        }
        console.scene.recentEvents = Scene.log(Self.entries(console.scene.recentEvents) + events)
        console.pass(.seconds(1))
        Golden.check(console.frame, "view-tap-\(size.columns)x\(size.rows)")
        console.type("h")
        console.press(.pageUp)
        Golden.check(console.frame, "view-tap-hex-\(size.columns)x\(size.rows)")
    }

    @Test(arguments: GoldenScreenTests.sizes)
    func `What cannot be steered says so`(size: Size) {
        var console = Console(.steered, columns: size.columns, rows: size.rows)
        console.model.steering = .readOnly
        console.type("2x")
        Golden.check(console.frame, "view-read-only-\(size.columns)x\(size.rows)")
    }

    @Test(arguments: GoldenScreenTests.sizes)
    func `A tape and a server that is away show it in the first line`(size: Size) {
        var console = Console(.steered, columns: size.columns, rows: size.rows)
        console.model.steering = .none
        console.model.status = .replay(
            .init(position: Scene.noon, first: Scene.noon + -60_000, last: Scene.noon + 60_000, speed: 4, isPaused: false, isAtEnd: false))
        Golden.check(console.frame, "view-replay-\(size.columns)x\(size.rows)")
        console.model.status = .offline(tries: 3, since: Scene.noon + -8000)
        Golden.check(console.frame, "view-offline-\(size.columns)x\(size.rows)")
    }

    private static func entries(_ log: EventLog) -> [FeedEvent] { (0..<log.count).map { log[$0].event } }
}
