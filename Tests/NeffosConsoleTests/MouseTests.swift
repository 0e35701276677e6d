import Terminal
import Testing

@testable import NeffosConsole

@Suite struct MouseTests {
    private func click(_ console: inout Console, row: Int, column: Int, isDouble: Bool = false) {
        _ = console.model.update(
            MouseEvent(.press, at: Position(row: row, column: column)), isDouble: isDouble, live: console.scene, now: console.now)
        console.model.refresh(from: console.scene, now: console.now)
    }

    @Test(arguments: [80, 120]) func `A click on a name in the first line shows that screen`(columns: Int) {
        var console = Console(.normal, columns: columns, rows: 35)
        for screen in [ConsoleScreen.returns, .connections, .events, .overview] {
            let line = Array(console.frame.lineText(0))
            let number = Character(String(screen.rawValue))
            let column = line.indices.last { line[$0] == number } ?? 0
            click(&console, row: 0, column: column)
            #expect(console.model.screen == screen)
        }
        click(&console, row: 0, column: 0)
        #expect(console.model.screen == .overview)
    }

    @Test func `A click selects a row, two open it, and the wheel goes through them`() {
        var console = Console(.normal)
        console.type("2")
        click(&console, row: 8, column: 20)
        #expect(console.model.connections.selectedIndex == 4)
        _ = console.model.update(
            MouseEvent(.wheelDown, at: Position(row: 8, column: 1)), isDouble: false, live: console.scene, now: console.now)
        #expect(console.model.connections.selectedIndex == 7)
        _ = console.model.update(
            MouseEvent(.wheelUp, at: Position(row: 8, column: 1)), isDouble: false, live: console.scene, now: console.now)
        #expect(console.model.connections.selectedIndex == 4)
        click(&console, row: 9, column: 20, isDouble: true)
        #expect(console.model.connections.selectedIndex == 5)
        #expect(console.model.connections.isDetailOpen)
    }

    @Test func `What lies over the screen is not clicked through`() {
        var console = Console(.steered)
        console.type("2x")
        click(&console, row: 8, column: 20)
        click(&console, row: 0, column: 62)
        #expect(console.model.connections.selectedIndex == 0)
        #expect(console.model.screen == .connections)
        #expect(console.model.context == .form)
    }

    @Test func `Two clicks in a short time on one cell are a double click, a third is one`() {
        var clicks = ClickCounter()
        let here = MouseEvent(.press, at: Position(row: 3, column: 3))
        let there = MouseEvent(.press, at: Position(row: 4, column: 3))
        let times: [(MouseEvent, Int)] = [(here, 1000), (here, 1300), (here, 1400), (there, 1500), (there, 2000)]
        let answers = times.map { clicks.isDouble($0.0, at: .milliseconds($0.1)) }
        #expect(answers == [false, true, false, false, false])
    }
}
