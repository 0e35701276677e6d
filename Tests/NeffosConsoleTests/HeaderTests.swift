import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct HeaderTests {
    @Test(arguments: ConsoleScreen.allCases) func `At 80 columns the address is whole`(screen: ConsoleScreen) {
        var console = Console(.normal)
        console.type("\(screen.rawValue)")
        let line = console.frame.lineText(0)
        #expect(line.contains("ws://127.0.0.1:8080/echo"))
        #expect(line.contains("\(screen.rawValue) \(screen.title)"))
        for other in ConsoleScreen.allCases where other != screen { #expect(!line.contains(other.title)) }
    }

    @Test func `Where there is room every screen has its name`() {
        let line = Console(.normal, columns: 120).frame.lineText(0)
        for screen in ConsoleScreen.allCases { #expect(line.contains("\(screen.rawValue) \(screen.title)")) }
    }

    @Test func `The first line never overlaps itself, however long the address`() {
        for columns in stride(from: 80, through: 200, by: 3) {
            for length in [0, 10, 40, 120] {
                var console = Console(.normal, columns: columns)
                console.scene.vitals.url = "ws://" + String(repeating: "h", count: length) + "/echo"
                let line = console.frame.lineText(0)
                #expect(line.contains("1 Overview"), "\(columns) \(length): \(line)")
                #expect(line.contains("up 02:13:44"), "\(columns) \(length): \(line)")
                #expect(line.contains("live"), "\(columns) \(length): \(line)")
            }
        }
    }

    @Test func `A tape says where it is and how fast`() {
        func line(_ speed: Double, isPaused: Bool = false, isAtEnd: Bool = false) -> String {
            var console = Console(.normal, columns: 120)
            console.model.status = .replay(
                .init(
                    position: Scene.noon, first: Scene.noon, last: Scene.noon, speed: speed, isPaused: isPaused, isAtEnd: isAtEnd))
            return console.frame.lineText(0)
        }
        #expect(line(4).contains("replay 12:01:40 4×"))
        #expect(line(0.25).contains("replay 12:01:40 0.25×"))
        #expect(line(1, isPaused: true).contains("‖ replay 12:01:40"))
        #expect(line(1, isAtEnd: true).contains("replay 12:01:40 end"))
    }

    @Test func `A server that is away is told with its tries`() {
        var console = Console(.normal, columns: 120)
        console.model.status = .offline(tries: 3, since: Scene.noon)
        #expect(console.frame.lineText(0).contains("✗ offline, try 3"))
    }
}
