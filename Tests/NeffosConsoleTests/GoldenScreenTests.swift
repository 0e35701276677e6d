import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct GoldenScreenTests {
    static let sizes = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 35), Size(columns: 200, rows: 60)]
    static let scenes: [(String, Scene)] = [
        ("empty", .empty), ("normal", .normal), ("calm", .calm), ("extreme", .extreme), ("hostile", .hostile),
    ]

    @Test(arguments: sizes, ConsoleScreen.allCases)
    func `Every screen shows every state as it was last looked at`(size: Size, screen: ConsoleScreen) {
        for (name, scene) in Self.scenes {
            var console = Console(scene, columns: size.columns, rows: size.rows)
            console.type("\(screen.rawValue)")
            Golden.check(console.frame, "\(screen)-\(name)-\(size.columns)x\(size.rows)")
        }
    }

    @Test(arguments: ConsoleScreen.allCases)
    func `In ASCII every screen says the same`(screen: ConsoleScreen) {
        for size in Self.sizes.prefix(2) {
            var console = Console(.normal, columns: size.columns, rows: size.rows, depth: .mono, ascii: true)
            console.type("\(screen.rawValue)")
            Golden.check(console.frame, "\(screen)-ascii-\(size.columns)x\(size.rows)")
        }
    }

    @Test(arguments: sizes)
    func `What opens over or beside a screen is as it was last looked at`(size: Size) {
        let views: [(String, [Key])] = [
            ("detail", [.character("2"), .down, .down, .enter]),
            ("filter", [.character("2"), .character("/"), .character("k"), .character("i")]),
            ("help", [.character("2"), .character("?")]),
            ("missing", [.character("4"), .enter]),
            ("probes", [.character("4"), .character("p")]),
            ("quit", [.character("q")]),
            ("log", [.character("l")]),
            ("paused", [.character(" ")]),
            ("suspend", [.control("z")]),
        ]
        for (name, keys) in views {
            var console = Console(.normal, columns: size.columns, rows: size.rows)
            console.model.log.append(.init(time: Scene.noon, level: .info, text: "listening on ws://127.0.0.1:8080/echo"))
            console.model.log.append(.init(time: Scene.noon, level: .warning, text: "origin refused: \u{1B}[31mhttp://evil"))
            for key in keys { console.press(key) }
            Golden.check(console.frame, "view-\(name)-\(size.columns)x\(size.rows)")
        }
    }

    @Test(arguments: [Size(columns: 79, rows: 24), Size(columns: 80, rows: 23), Size(columns: 12, rows: 3), Size(columns: 1, rows: 1)])
    func `A terminal that is too small says so`(size: Size) {
        Golden.check(Console(.normal, columns: size.columns, rows: size.rows).frame, "small-\(size.columns)x\(size.rows)")
    }
}
