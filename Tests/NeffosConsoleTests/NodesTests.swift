import NeffosFeed
import NeffosObservatory
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import NeffosConsole

@Suite struct NodesTests {
    private static func sample(_ messages: Double, cpu: Double, memory: Int) -> FeedEvent.Sample {
        var sample = FeedEvent.Sample()
        sample.messagesInPerSecond = messages
        sample.messagesOutPerSecond = messages * 9
        sample.cpuPercent = cpu
        sample.memoryBytes = memory
        return sample
    }

    static let nodes: [NodeSummary] = {
        var first = NodeSummary(id: 0, name: "web-1")
        first.url = "ws://10.0.0.1:8080/echo"
        first.isChosen = true
        first.phase = .running
        first.uptime = 8_024_000
        (first.connections, first.namespaces, first.rooms, first.returned) = (1204, 3, 87, 342)
        first.missing = 11
        first.incident = .init(number: 7, cause: .restart)
        first.sample = sample(8100, cpu: 31, memory: 84 << 20)
        var second = NodeSummary(id: 1, name: "web-2")
        second.url = "ws://10.0.0.2:8080/echo"
        second.phase = .running
        second.status = .offline(tries: 3, since: Scene.noon + -8000)
        (second.connections, second.namespaces, second.rooms, second.returned, second.missed) = (1180, 3, 85, 12, 402)
        var third = NodeSummary(id: 2, name: "eu\u{1B}[31m-west\u{202E}-名前-and-a-name-that-does-not-end")
        third.url = "wss://" + String(repeating: "long.", count: 20) + "example/echo"
        third.phase = .draining
        third.uptime = 400_000_000
        (third.connections, third.rooms, third.returned, third.missing) = (9_999_999, 1_000_000, 5_000_000, 0)
        third.sample = sample(2_000_000, cpu: 1600, memory: 90 << 30)
        var fourth = NodeSummary(id: 3, name: "/run/user/1000/neffos/8083.sock")
        fourth.status = .offline(tries: 120, since: Scene.noon)
        fourth.ending = "gone"
        return [first, second, third, fourth]
    }()

    private func console(_ columns: Int = 120, _ rows: Int = 35, ascii: Bool = false) -> Console {
        var console = Console(.normal, columns: columns, rows: rows, ascii: ascii)
        console.model.nodes.take(Self.nodes)
        return console
    }

    @Test(arguments: GoldenScreenTests.sizes) func `Nodes are as they were last looked at`(size: Size) {
        var console = console(size.columns, size.rows)
        console.type("6")
        console.press(.down)
        Golden.check(console.frame, "nodes-normal-\(size.columns)x\(size.rows)")
        var plain = self.console(size.columns, size.rows, ascii: true)
        plain.type("6")
        Golden.check(plain.frame, "nodes-ascii-\(size.columns)x\(size.rows)")
        for row in 0..<size.rows { #expect(plain.frame.lineText(row).utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }) }
    }

    @Test func `With one server there is no such screen, and no key for it`() {
        var console = Console(.normal, columns: 200)
        console.type("6")
        #expect(console.model.screen == .overview)
        #expect(!console.text.contains("Nodes"))
        #expect(console.press(.control("n")) == [])
        console.type("?")
        #expect(!console.text.contains("Ctrl-N"))
        console.press(.escape, .backTab)
        #expect(console.model.screen == .events)
    }

    @Test func `With several the first line says which of how many, and that another is ill`() {
        var console = console(200)
        #expect(console.frame.lineText(0).contains("1/4 web-1"))
        #expect(console.frame.lineText(0).contains("6 Nodes●"))
        console.press(.backTab)
        #expect(console.model.screen == .nodes)
        var nodes = Array(Self.nodes.prefix(2))
        nodes[1].status = .live
        console.model.nodes.take(nodes)
        #expect(console.frame.lineText(0).contains("1/2 web-1"))
        #expect(!console.frame.lineText(0).contains("6 Nodes●"))
        for columns in stride(from: 80, through: 200, by: 7) {
            let line = self.console(columns).frame.lineText(0)
            #expect(line.contains("1/4"), "\(line)")
            #expect(line.contains("1 Overview"), "\(line)")
        }
    }

    @Test func `Enter chooses the selected one for the other screens, and the keys go round`() {
        var console = console()
        console.type("6")
        #expect(console.press(.down, .enter) == [.choose(node: 1)])
        #expect(console.model.screen == .overview)
        #expect(console.model.nodes.chosen?.id == 1)
        #expect(console.press(.control("p")) == [.choose(node: 0)])
        #expect(console.press(.control("p")) == [.choose(node: 3)])
        #expect(console.press(.control("n")) == [.choose(node: 0)])
        #expect(console.model.screen == .overview)
        console.type("6")
        #expect(console.press(.enter) == [])
    }

    @Test func `What was marked, opened or held was the other one's; orders, columns and filters stay`() {
        var console = console()
        console.type("2")
        console.type(">>m")
        console.press(.enter)
        console.type(" ")
        let sort = console.model.connections.sort
        let descending = console.model.connections.descending
        #expect(!console.model.connections.marks.ids.isEmpty)
        #expect(console.model.isPaused)
        #expect(console.model.update(.control("n"), live: console.scene, now: console.now) == [.choose(node: 1)])
        #expect(!console.model.isPaused)
        #expect(console.model.screen == .connections)
        #expect(console.model.connections.order.isEmpty)
        #expect(console.model.connections.marks.ids.isEmpty)
        #expect(!console.model.connections.isDetailOpen)
        #expect(console.model.connections.sort == sort)
        #expect(console.model.connections.descending == descending)
        #expect(console.model.tapWish == nil)
    }

    @Test func `A click selects a node, a second one shows it`() {
        var console = console()
        console.type("6")
        let row = ConsoleLayout(size: console.model.size).body.row + 2
        let click = MouseEvent(.press, at: Position(row: row + 2, column: 20))
        #expect(console.model.update(click, isDouble: false, live: console.scene, now: console.now) == [])
        #expect(console.model.nodes.selectedIndex == 2)
        #expect(console.model.update(click, isDouble: true, live: console.scene, now: console.now) == [.choose(node: 2)])
    }

    @Test func `More nodes than rows scroll`() {
        var console = console(80, 24)
        console.model.nodes.take((0..<60).map { NodeSummary(id: $0, name: "node-\($0)") })
        console.type("6")
        console.press(.end)
        #expect(console.text.contains("node-59"))
        #expect(!console.text.contains("node-10 "))
        console.press(.home)
        #expect(console.text.contains("node-0 "))
    }

    // MARK: The loop

    /// Two servers whose answers a test gives.
    private final class Pair: ObservatorySource {
        final class Control: OperatorControl {
            let name: String
            let asked = Mutex<[OperatorCommand]>([])
            let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
            var isReadOnly: Bool { false }
            init(_ name: String) { self.name = name }
            func perform(_ command: OperatorCommand) async -> OperatorOutcome {
                asked.withLock { $0.append(command) }
                return OperatorOutcome(count: 1)
            }
            func detail(of connection: String) async -> ConnectionDetails? { nil }
            func figures(of connections: [String]?) async -> [ConnectionFigures] {
                await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
                return [ConnectionFigures(connection: name)]
            }
        }

        let place = Mutex(0)
        let controls = [Control("a"), Control("b")]
        let taken = Mutex<[String]>([])
        let models: [Observatory] = ["a", "b"].map { name in
            var player = TapePlayer(at: Scene.noon.milliseconds)
            player.start()
            player.come("id-\(name)")
            return player.observatory
        }
        func read<Result>(_ body: (Observatory) -> Result) -> Result { body(models[place.withLock { $0 }]) }
        func whenChanged(_ call: (@Sendable () -> Void)?) {}
        var log: ConsoleLog { ConsoleLog() }
        var control: (any OperatorControl)? { controls[place.withLock { $0 }] }
        func take(_ figures: [ConnectionFigures], at time: FeedTime) { taken.withLock { $0 += figures.map(\.connection) } }
        var nodes: [NodeSummary] {
            (0..<2).map { index in
                var summary = NodeSummary(id: index, name: "ab".map(String.init)[index])
                summary.isChosen = place.withLock { $0 } == index
                return summary
            }
        }
        func choose(node: Int) { place.withLock { $0 = node } }
    }

    @Test func `Another node has its own rows, a tap ends where it began, and a late answer is nobody's`() async throws {
        let source = Pair()
        let backend = TestBackend()
        var options = ConsoleOptions(isServing: false, clock: { Scene.noon })
        options.uptime = { .seconds(1) }
        options.utcOffset = { _ in 0 }
        var session = ConsoleSession(backend: backend, source: source, options: options)
        func press(_ key: Key) {
            _ = session.take(.key(key))
            session.collect()
            session.draw()
        }
        session.draw()
        press(.character("2"))
        #expect(backend.record.frames.last?.text.contains("id-a") == true)
        press(.enter)
        press(.character("t"))
        try await eventually { source.controls[0].asked.withLock { $0 }.map(\.action) == [.tap(true)] }
        try await eventually { source.controls[0].waiting.withLock { $0.count } == 1 }
        press(.control("n"))
        let text = backend.record.frames.last?.text ?? ""
        #expect(text.contains("id-b"))
        #expect(!text.contains("id-a"))
        try await eventually { source.controls[0].asked.withLock { $0 }.map(\.action) == [.tap(true), .tap(false)] }
        #expect(source.controls[1].asked.withLock { $0 }.isEmpty)
        // The second server is asked, though the first has not answered; that one's answer comes too late.
        try await eventually { source.controls[1].waiting.withLock { $0.count } == 1 }
        for control in source.controls { control.waiting.withLock { $0 }.forEach { $0.resume() } }
        try await eventually { source.taken.withLock { $0 }.contains("b") }
        #expect(source.taken.withLock { $0 } == ["b"])
    }
}
