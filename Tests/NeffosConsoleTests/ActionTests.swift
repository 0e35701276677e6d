import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// From the key to the command.
@Suite struct ActionTests {
    private func console(_ scene: Scene = .steered) -> Console {
        var console = Console(scene, columns: 100, rows: 30)
        console.type("2")
        return console
    }

    private func commands(_ effects: [ConsoleEffect]) -> [OperatorCommand] {
        effects.compactMap { if case .perform(let command) = $0 { command } else { nil } }
    }

    @Test func `One connection is kicked once the form is filled in`() {
        var console = console()
        console.press(.down)
        let id = console.model.connections.selected ?? ""
        #expect(console.type("x") == [])
        #expect(console.model.context == .form)
        console.press(.tab, .control("u"))
        console.type("go away")
        console.press(.tab, .control("u"))
        console.type("1.5m")
        let effects = console.press(.enter)
        #expect(
            commands(effects) == [
                OperatorCommand(.kick(code: 1008, reason: "go away", holdOff: 90_000), targets: .connections([id]), by: "console")
            ])
        #expect(console.model.dialog == nil)
        #expect(console.text.contains("kick is under way"))
    }

    @Test func `What is wrong stands under its field and nothing is done`() {
        var console = console()
        console.type("x")
        console.press(.control("u"))
        #expect(console.press(.enter) == [])
        #expect(console.text.contains("a code is needed"))
        console.type("1006")
        #expect(!console.text.contains("a code is needed"))
        #expect(console.press(.enter) == [])
        #expect(console.text.contains("1006 is never sent"))
        console.press(.escape)
        #expect(console.model.dialog == nil)
    }

    @Test func `More than one are confirmed in writing with their number or the word`() {
        for answer in ["3", "kick"] {
            var console = console()
            console.type("mmm")
            #expect(console.text.contains("3 marked"))
            let marked = console.model.connections.marks.ids.sorted()
            console.type("x")
            #expect(console.press(.enter) == [])
            #expect(console.text.contains("3 connections are closed with 1008"))
            #expect(console.press(.enter) == [])
            #expect(console.text.contains("this is neither"))
            console.type("4")
            #expect(console.press(.enter) == [])
            console.press(.backspace)
            console.type(answer)
            #expect(commands(console.press(.enter)).map(\.targets) == [.connections(marked)])
        }
    }

    @Test func `The ids are those of the question, and marks that went are none`() {
        var console = console()
        console.type("mmm")
        let gone = console.model.connections.marks.ids.sorted()[1]
        console.scene.rows.removeAll { $0.id == gone }
        console.type("x")
        console.press(.enter)
        #expect(console.text.contains("2 connections are closed"))
        var newcomer = Scene.client(0)
        newcomer.id = "new"
        console.scene.rows.append(newcomer)
        console.type("2")
        let commands = commands(console.press(.enter))
        guard case .connections(let ids) = commands.first?.targets else {
            Issue.record("no ids: \(commands)")
            return
        }
        #expect(ids.count == 2 && !ids.contains(gone) && !ids.contains("new"))
    }

    @Test func `All that the filter shows are meant, in view or not`() {
        var console = console()
        console.type("/kiosk")
        console.press(.enter)
        console.type("a")
        #expect(console.text.contains("the selected: kiosk-12"))
        console.press(.tab)
        #expect(console.text.contains(#"all that "kiosk" shows: 8"#))
        console.type("p")
        console.type("8")
        let kiosks = Set(console.scene.rows.filter { $0.key?.hasPrefix("kiosk") == true }.map(\.id))
        guard case .connections(let ids) = commands(console.press(.enter)).first?.targets else {
            Issue.record("nothing was done")
            return
        }
        #expect(Set(ids) == kiosks)
    }

    @Test func `Everybody is everybody, and not those of now`() {
        var console = console()
        console.type("a")
        console.press(.left)
        console.type("p")
        console.type("1204")
        #expect(commands(console.press(.enter)) == [OperatorCommand(.ping, targets: .all, by: "console")])
    }

    @Test func `What needs nothing is done at once for one`() {
        var console = console()
        let id = console.model.connections.selected ?? ""
        console.type("a")
        #expect(commands(console.type("p")) == [OperatorCommand(.ping, targets: .connections([id]), by: "console")])
        console.type("a")
        #expect(commands(console.type("h")) == [OperatorCommand(.pauseAdmission, by: "console")])
    }

    @Test func `The server is drained only after the word`() {
        var console = Console(.steered)
        console.type("a")
        #expect(!console.text.contains("kick"))
        #expect(console.type("D") == [])
        #expect(console.text.contains("1 204 connections are closed with 1001, and the server stops."))
        console.type("drain")
        #expect(commands(console.press(.enter)) == [OperatorCommand(.drain, by: "console")])
    }

    @Test(arguments: [Character("1"), "2", "4"]) func `A drill is two answers away on every screen`(screen: Character) {
        var console = Console(.steered)
        console.press(.character(screen), .character("d"))
        #expect(console.text.contains("everybody: 1 204 connections"))
        console.press(.enter)
        #expect(console.text.contains("602 connections are cut, and the listener is closed for 3.0 s."))
        console.type("602")
        #expect(commands(console.press(.enter)) == [OperatorCommand(.drill(percent: 50, away: 3000), targets: .all, by: "console")])
    }

    @Test func `A drill of what the filter shows takes all of them`() {
        var console = console()
        console.type("/kiosk")
        console.press(.enter)
        console.type("d")
        console.press(.enter)
        #expect(console.text.contains("8 connections are cut"))
        console.type("drill")
        guard case .drill(let percent, _) = commands(console.press(.enter)).first?.action else {
            Issue.record("no drill")
            return
        }
        #expect(percent == 100)
    }

    @Test func `Joining and sending ask for a room and an event`() {
        var console = console()
        console.type("aj")
        console.press(.tab)
        console.press(.control("u"), .enter)
        #expect(console.text.contains("which room? write its name"))
        console.type("hall")
        #expect(commands(console.press(.enter)).map(\.action) == [.join(namespace: "chat", room: "hall")])
        console.type("as")
        console.press(.tab, .tab)
        console.type("chat")
        console.press(.tab)
        console.type("a;b 名")
        console.press(.backTab, .backTab)
        console.press(.control("u"))
        #expect(commands(console.press(.enter)).map(\.action) == [.send(namespace: "chat", room: "", event: "chat", body: "a;b 名")])
    }

    @Test func `What came of it stands in the alert line for a while`() {
        var console = console()
        let command = OperatorCommand(.kick(code: 1008, reason: "", holdOff: 0), targets: .connections(["a"]), by: "console")
        console.model.take(OperatorOutcome(count: 1), of: command, now: console.now)
        #expect(console.text.contains("✓ kick: 1 done"))
        console.model.take(OperatorOutcome(count: 2, result: "1 was gone"), of: command, now: console.now)
        #expect(console.text.contains("✓ kick: 2, 1 was gone"))
        console.model.take(.refused("the server is read-only"), of: command, now: console.now)
        #expect(console.text.contains("! kick refused: the server is read-only"))
        console.pass(.seconds(7))
        #expect(!console.text.contains("kick refused"))
        console.model.take(OperatorOutcome(count: 9, result: "done"), of: OperatorCommand(.drain, by: "console"), now: console.now)
        #expect(console.text.contains("✓ drain: done"))
    }

    @Test func `Where nothing can be steered the keys say why and the menu is not there`() {
        for (steering, words) in [(Steering.readOnly, "it is read-only"), (.none, "nothing can be steered from here")] {
            var console = console()
            console.model.steering = steering
            for key in "axd" {
                #expect(console.press(.character(key)) == [])
                #expect(console.text.contains(words))
                #expect(console.model.dialog == nil)
            }
            console.type("mt")
            #expect(console.model.connections.marks.isEmpty)
            #expect(console.model.connections.tap == nil)
            console.type("?")
            #expect(console.text.contains(words))
            #expect(!console.text.contains("Kick"))
        }
    }

    @Test func `Nobody is there to be kicked`() {
        var console = Console(.empty)
        console.type("2x")
        #expect(console.model.dialog == nil)
        #expect(console.text.contains("nobody is connected"))
        console.type("a")
        #expect(!console.text.contains("kick"))
        #expect(console.text.contains("hold admission"))
    }

    @Test func `Marks are set, set for all that is shown, and cleared`() {
        var console = console()
        console.type("/kiosk")
        console.press(.enter)
        console.type("*")
        #expect(console.model.connections.marks.count == 8)
        console.press(.escape, .home)
        console.type("m")
        #expect(console.model.connections.marks.count == 9)
        #expect(console.text.contains("*✓ here"))
        console.press(.up)
        #expect(console.text.contains("◆✓ here"))
        console.type("M")
        #expect(console.model.connections.marks.isEmpty)
    }
}

@Suite struct ActionEntryTests {
    @Test func `Lengths of time are read with their unit`() throws {
        for (text, milliseconds) in [
            ("0", 0), ("30", 30_000), ("30s", 30_000), ("1.5 s", 1500), ("250ms", 250), ("5m", 300_000), ("24h", 86_400_000),
        ] {
            let value = try ActionEntry.duration(text.replacing(" ", with: ""), least: 0)
            #expect(value == milliseconds)
        }
        for text in ["", "s", "x", "-1", "1e9", "25h", "1.2.3", "nan", "inf", "１"] {
            #expect(throws: ActionEntry.Problem.self, "\(text)") { try ActionEntry.duration(text, least: 0) }
        }
        #expect(throws: ActionEntry.Problem.self) { try ActionEntry.duration("0", least: 1) }
    }

    @Test func `Only codes that may be sent are taken`() throws {
        for code in [1000, 1001, 1008, 1014, 3000, 4999] {
            let read = try ActionEntry.code(" \(code) ")
            #expect(read == code)
        }
        for text in ["", "x", "999", "1004", "1005", "1006", "1015", "2000", "5000", "-1", "99999999999999999999"] {
            #expect(throws: ActionEntry.Problem.self, "\(text)") { try ActionEntry.code(text) }
        }
    }

    @Test func `A reason has the room of a close frame and a share is above nothing`() throws {
        #expect(throws: ActionEntry.Problem.self) { try ActionEntry.reason(String(repeating: "é", count: 62)) }
        let half = try ActionEntry.percent("50 %")
        #expect(half == 50)
        for text in ["", "0", "0%", "101", "-5", "x", "nan"] {
            #expect(throws: ActionEntry.Problem.self, "\(text)") { try ActionEntry.percent(text) }
        }
    }
}
