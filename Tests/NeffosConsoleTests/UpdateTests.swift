import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct UpdateTests {
    @Test func `Numbers and Tab show only screens that exist`() {
        var console = Console(.normal)
        console.type("4")
        #expect(console.model.screen == .returns)
        console.type("9")
        #expect(console.model.screen == .returns)
        console.press(.tab, .tab)
        #expect(console.model.screen == .overview)
        console.press(.backTab, .backTab)
        #expect(console.model.screen == .returns)
    }

    @Test func `Quitting a server with clients asks first and says how many`() {
        var console = Console(.normal)
        #expect(console.type("q") == [])
        #expect(console.text.contains("1 204 clients would lose their server"))
        #expect(console.type("x") == [])
        #expect(console.type("n") == [])
        #expect(!console.text.contains("would lose"))
        #expect(console.press(.control("c")) == [])
        #expect(console.press(.escape) == [])
        #expect(!console.model.isConfirmingQuit)
        console.type("q")
        #expect(console.type("y") == [.quit])
    }

    @Test func `Enter agrees to quitting too`() {
        var console = Console(.normal)
        console.type("q")
        #expect(console.press(.enter) == [.quit])
    }

    @Test func `Quitting without clients or without a server leaves at once`() {
        var console = Console(.empty)
        #expect(console.type("q") == [.quit])
        var attached = Console(.normal)
        attached.model.isServing = false
        #expect(attached.press(.control("c")) == [.quit])
    }

    @Test func `A paused console asks about the clients of now`() {
        var console = Console(.empty)
        console.press(.character(" "))
        console.scene = .normal
        #expect(console.type("q") == [])
        #expect(console.text.contains("1 204 clients"))
    }

    @Test func `Where all have gone the list of connections does not say that nobody has come yet`() {
        var scene = Scene.empty
        scene.vitals.opened = 3
        var console = Console(scene)
        console.type("2")
        #expect(console.text.contains("no clients now: listening on ws://127.0.0.1:8080/echo"))
    }

    @Test func `Pause holds the picture and a second press lets it go on`() {
        var console = Console(.normal)
        console.press(.character(" "))
        console.scene.vitals.connections = 7
        console.model.clock = console.scene.now + 60_000
        console.pass(.seconds(5))
        #expect(console.text.contains("paused"))
        #expect(console.text.contains("conns 1 204"))
        #expect(console.text.contains("up 02:13:44"))
        console.type("p")
        #expect(console.text.contains("conns 7"))
        #expect(console.text.contains("up 02:14:44"))
    }

    @Test func `Ctrl-Z in a serving process says what it would do and does nothing`() {
        var console = Console(.normal)
        #expect(console.press(.control("z")) == [])
        #expect(console.text.contains("Ctrl-Z would stop the server"))
        console.pass(.seconds(7))
        #expect(!console.text.contains("Ctrl-Z would stop the server"))
        console.model.canSuspend = true
        #expect(console.press(.control("z")) == [.suspend])
    }

    @Test func `Ctrl-L asks for all cells again`() {
        var console = Console(.normal)
        #expect(console.press(.control("l")) == [.redraw])
    }

    @Test func `The help lists every key of the screen and closes`() {
        for screen in ConsoleScreen.allCases {
            var console = Console(.normal, columns: 120, rows: 35)
            console.type("\(screen.rawValue)?")
            for binding in KeyTable.bindings(in: console.model.viewContext) {
                #expect(console.text.contains(binding.help), "\(binding.help)")
            }
            console.press(.escape)
            #expect(!console.model.isHelpShown)
            #expect(console.model.screen == screen)
        }
    }

    @Test func `The key line names only keys that do something`() {
        for context in KeyContext.allCases {
            for binding in KeyTable.bindings(in: context) {
                for (key, command) in binding.commands {
                    #expect(KeyTable.command(for: key, in: context) != nil, "\(context) \(key) \(command)")
                }
            }
        }
    }

    @Test func `Incidents are selected by number and the newest is followed until then`() {
        var console = Console(.normal)
        console.type("4")
        #expect(console.text.contains("#7  server restart"))
        console.scene.incidents.insert(Incident(number: 8, cause: .kick, openedAt: Scene.noon, dropped: 3), at: 0)
        #expect(console.text.contains("#8  kicked"))
        console.press(.down)
        #expect(console.text.contains("#7  server restart"))
        console.scene.incidents.insert(Incident(number: 9, cause: .kick, openedAt: Scene.noon, dropped: 3), at: 0)
        console.pass(.seconds(1))
        #expect(console.text.contains("#7  server restart"))
        console.type("g")
        #expect(console.text.contains("#9  kicked"))
    }

    @Test func `The missing list and the probes open over the incidents and Esc goes back`() {
        var console = Console(.normal)
        console.type("4")
        console.press(.enter)
        #expect(console.text.contains("till-7"))
        console.press(.escape)
        #expect(!console.text.contains("till-7"))
        console.type("p")
        #expect(console.text.contains("knocking, never in"))
        #expect(!console.model.isPaused)
        console.type("p")
        #expect(console.model.returns.mode == .incidents)
    }

    @Test func `A long missing list scrolls to its end and no further`() {
        var scene = Scene.normal
        scene.incidents[0].missingClients = (0..<300).map {
            Incident.MissingClient(key: "client-\($0)", remote: "10.0.0.1:1", namespaces: [], ids: [], count: 1)
        }
        var console = Console(scene)
        console.type("4")
        console.press(.enter, .end)
        #expect(console.text.contains("client-299"))
        #expect(console.text.contains("of 300"))
        console.press(.pageDown, .pageDown, .up)
        #expect(!console.text.contains("client-299"))
        #expect(console.text.contains("client-298"))
    }

    @Test(arguments: [80, 120])
    func `A long log line is shown to its end, and the last one can be reached`(columns: Int) {
        var console = Console(.normal, columns: columns, rows: 24)
        for number in 0..<30 {
            let text = "\(number) " + String(repeating: "word ", count: 20) + "end \(number)"
            console.model.log.append(.init(time: Scene.noon, level: .info, text: text))
        }
        console.type("l")
        #expect(console.text.contains("end 29"))
        console.press(.home)
        #expect(console.text.contains(" info    0 word"))
        #expect(console.text.contains("end 0"))
        console.press(.end, .pageDown)
        #expect(console.text.contains("end 29"))
    }

    @Test func `The question before leaving is still right when everybody has gone`() {
        var console = Console(.normal)
        console.type("q")
        console.scene = .empty
        console.pass(.seconds(1))
        #expect(console.text.contains("Nobody is connected any more."))
        #expect(!console.text.contains("0 clients"))
    }

    @Test func `What is said of an incident is whole where the screen has two columns`() {
        var scene = Scene.normal
        scene.probeSources = []
        for (ago, words) in [(1_000, "Wait: each knocks after its interval."), (60_000, "have not knocked once.")] {
            scene.incidents[0].closedAt = nil
            scene.incidents[0].openedAt = scene.now + -ago
            var console = Console(scene, columns: 120, rows: 35)
            console.type("4")
            let column = console.text.split(separator: "\n").map { $0.split(separator: "│").last ?? "" }
            #expect(column.joined(separator: " ").split(separator: " ").joined(separator: " ").contains(words))
        }
    }

    @Test func `On a terminal that is too small only leaving works`() {
        var console = Console(.normal, columns: 60, rows: 10)
        console.type("2?")
        #expect(console.model.screen == .overview)
        #expect(!console.model.isHelpShown)
        console.type("q")
        #expect(console.text.contains("1 204 clients"))
        #expect(console.type("y") == [.quit])
        console.type("q")
        console.type("n")
        console.model.size = Size(columns: 80, rows: 24)
        console.pass(.seconds(1))
        #expect(console.text.contains("1 Overview"))
    }
}
