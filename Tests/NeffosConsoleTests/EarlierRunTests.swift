import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// Incidents of a server that ran before the one in view: each run counts its own from 1.
@Suite struct EarlierRunTests {
    private func console() -> Console {
        var scene = Scene.normal
        var incidents = Array(scene.incidents.prefix(3))
        for (index, run) in [0, 1, 2].enumerated() {
            incidents[index].number = 1
            incidents[index].runsBefore = run
        }
        scene.incidents = incidents
        var console = Console(scene, columns: 160, rows: 40)
        console.type("4")
        return console
    }

    @Test func `The list marks them with a star, and the panel says how long ago they ran`() {
        var console = console()
        #expect(console.text.contains("#1 "))
        #expect(console.text.contains("#1*"))
        #expect(!console.text.contains("run before"))
        console.press(.down)
        #expect(console.text.contains("#1 of the run before"))
        console.press(.enter)
        #expect(console.text.contains("#1 of the run before"))
        console.press(.escape, .down)
        #expect(console.text.contains("#1 of 2 runs before"))
    }

    @Test func `The selection tells those of the same number apart`() {
        var console = console()
        for index in 0..<3 {
            #expect(console.model.returns.current(in: console.scene.incidents)?.index == index)
            console.press(.down)
        }
    }
}
