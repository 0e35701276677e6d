import Glibc
import NcursesBackend
import Terminal
import Testing

/// Real curses over real pseudo-terminals; one at a time, because a process has one screen.
@Suite(.serialized, .tags(.realTerminal), .timeLimit(.minutes(2))) struct NcursesBackendTests {
    private func open(
        _ pty: Pty, terminalName: String = "xterm-256color", noColor: String = "", color: ColorWish = .auto, colorTerm: String = "",
        ascii: Bool = false, locale: String = "C.UTF-8"
    ) throws -> NcursesBackend {
        try NcursesBackend(
            input: pty.slave, output: pty.slave, terminalName: terminalName, colorTerm: colorTerm, noColor: noColor, color: color,
            ascii: ascii, locale: locale)
    }

    private func draw(_ text: String, style: Style = .plain, on backend: NcursesBackend) {
        var frame = Frame(size: backend.size)
        frame.put(text, at: Position(row: 3, column: 5), style: style)
        backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
    }

    private func isCalled(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        return action.__sigaction_handler.sa_handler != nil
    }

    @Test func `Text reaches the screen, and closing brings the terminal back`() throws {
        let pty = try Pty()
        let before = pty.modes
        let backend = try open(pty)
        #expect(pty.modes != before)
        #expect(backend.size == Size(columns: 80, rows: 24))
        #expect(backend.isUTF8)
        #expect(backend.colorDepth == .indexed256)
        #expect(pty.sees("\u{1B}[?1049h"))
        draw("grüße 漢字 e\u{301}", on: backend)
        #expect(pty.sees("grüße 漢字 e\u{301}"))
        backend.close()
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
        backend.close()
        draw("late", on: backend)
        #expect(backend.wait(timeout: nil) == [.hangup])
    }

    @Test func `Closing puts the signal handlers back`() throws {
        let pty = try Pty()
        let signals = [SIGTSTP, SIGCONT, SIGWINCH, SIGHUP]
        let before = signals.map(isCalled)
        let backend = try open(pty)
        #expect(signals.allSatisfy(isCalled))
        backend.close()
        #expect(signals.map(isCalled) == before)
    }

    @Test func `What is copied reaches the terminal as letters and digits only, and no more than it may be`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        backend.copy("a\u{1B}]0;evil\u{07}")
        #expect(pty.sees("\u{1B}]52;c;YRtdMDtldmlsBw==\u{07}"))
        backend.copy(String(repeating: "a", count: 1_000_000))
        #expect(pty.sees("\u{1B}]52;c;" + String(repeating: "YWFh", count: 1365) + "YQ==\u{07}"))
        backend.close()
        backend.copy("late")
    }

    @Test func `Only changed cells are written`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        var frame = Frame(size: backend.size)
        frame.put("steady", at: Position(row: 1, column: 1))
        frame.put("figure 1", at: Position(row: 2, column: 1))
        backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
        #expect(pty.sees("figure 1"))
        let old = frame
        frame.put("figure 2!", at: Position(row: 2, column: 1))
        backend.draw(FrameDiff.changes(from: old, to: frame), cursor: nil)
        #expect(pty.sees("2!"))
        backend.close()
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(!String(decoding: pty.output, as: UTF8.self).contains("steady"))
    }

    @Test func `Clearing repaints everything`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        draw("again", on: backend)
        #expect(pty.sees("again"))
        backend.clear()
        draw("again", on: backend)
        #expect(pty.sees("again"))
        backend.close()
    }

    @Test func `Keys come decoded`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        let typed: [(String, Key)] = [
            ("q", .character("q")), ("é", .character("é")), ("漢", .character("漢")), (" ", .character(" ")), ("\r", .enter), ("\t", .tab),
            ("\u{7F}", .backspace), ("\u{3}", .control("c")), ("\u{1A}", .control("z")), ("\u{1C}", .control("\\")),
            ("\u{13}", .control("s")),
            ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OC", .right), ("\u{1B}[D", .left), ("\u{1B}[5~", .pageUp),
            ("\u{1B}[6~", .pageDown), ("\u{1B}OH", .home), ("\u{1B}[F", .end), ("\u{1B}[3~", .delete), ("\u{1B}[2~", .insert),
            ("\u{1B}[Z", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[15~", .function(5)), ("\u{1B}", .escape),
        ]
        for (text, key) in typed {
            pty.type(text)
            #expect(backend.wait(timeout: .seconds(10)) == [.key(key)], "\(key)")
        }
        backend.close()
    }

    @Test func `Sequences that mean nothing are swallowed whole`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        pty.type("\u{1B}[200~")
        pty.type("\u{1B}x")
        pty.type("\u{1B}[999;888z")
        pty.type(bytes: [0xFF, 0x80, 0xC3])
        pty.type("k")
        var keys: [TerminalEvent] = []
        while keys.last != .key(.character("k")), keys.count < 9 {
            let events = backend.wait(timeout: .seconds(10))
            guard !events.isEmpty else { break }
            keys += events
        }
        #expect(keys == [.key(.character("k"))])
        backend.close()
    }

    @Test func `A character whose bytes come apart is still one key`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        pty.type(bytes: [0xE6, 0xBC])
        #expect(backend.wait(timeout: .milliseconds(20)) == [])
        pty.type(bytes: [0xA2])
        #expect(backend.wait(timeout: .seconds(10)) == [.key(.character("漢"))])
        backend.close()
    }

    @Test func `Without UTF-8 in the locale other characters are question marks`() throws {
        let pty = try Pty()
        let backend = try open(pty, locale: "C")
        #expect(!backend.isUTF8)
        draw("a é漢 b", on: backend)
        #expect(pty.sees("a ??? b"))
        backend.close()
    }

    @Test func `Colours follow the terminal, NO_COLOR and the operator's wish`() throws {
        let cases: [(name: String, noColor: String, wish: ColorWish, colorTerm: String, depth: ColorDepth)] = [
            ("xterm-256color", "", .auto, "", .indexed256), ("xterm-256color", "1", .auto, "", .mono),
            ("xterm-256color", "1", .always, "", .indexed256), ("xterm-256color", "", .never, "", .mono), ("xterm", "", .auto, "", .eight),
            ("xterm", "", .auto, "truecolor", .indexed256), ("vt100", "", .always, "", .mono), ("vt100", "", .auto, "truecolor", .mono),
        ]
        for item in cases {
            let pty = try Pty()
            let backend = try open(pty, terminalName: item.name, noColor: item.noColor, color: item.wish, colorTerm: item.colorTerm)
            #expect(backend.colorDepth == item.depth, "\(item)")
            draw("word", style: Style(foreground: .rgb(255, 0, 0), attributes: .bold), on: backend)
            #expect(pty.sees("word"))
            backend.close()
        }
    }

    @Test func `A colour is written as the nearest that there is`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        draw("red", style: Style(foreground: .rgb(255, 0, 0)), on: backend)
        #expect(pty.sees("\u{1B}[38;5;196m"))
        #expect(pty.sees("red"))
        backend.close()
    }

    @Test func `A new size comes as an event`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        pty.resize(rows: 40, columns: 132)
        kill(getpid(), SIGWINCH)
        #expect(backend.wait(timeout: .seconds(10)) == [.resized(Size(columns: 132, rows: 40))])
        #expect(backend.size == Size(columns: 132, rows: 40))
        var frame = Frame(size: backend.size)
        frame.put("corner", at: Position(row: 39, column: 126))
        backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
        #expect(pty.sees("\u{1B}[40;127H"))
        backend.close()
    }

    @Test func `Signals come as events`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        for (signal, event) in [
            (SIGINT, TerminalEvent.terminate(signal: SIGINT)), (SIGTERM, .terminate(signal: SIGTERM)), (SIGTSTP, .suspend),
            (SIGCONT, .resumed),
        ] {
            kill(getpid(), signal)
            #expect(backend.wait(timeout: .seconds(10)) == [event])
        }
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.sees("\u{1B}[?1049h"))
        kill(getpid(), SIGHUP)
        #expect(backend.wait(timeout: .seconds(10)) == [.hangup])
        backend.close()
    }

    @Test func `A wake from another thread ends a wait, and several count once`() async throws {
        let pty = try Pty()
        let backend = try open(pty)
        let waker = backend.waker
        await Task.detached { waker() }.value
        waker()
        #expect(backend.wait(timeout: nil) == [.woken])
        #expect(backend.wait(timeout: .zero) == [])
        #expect(backend.wait(timeout: .milliseconds(1)) == [])
        backend.close()
        waker()
    }

    @Test func `A lost terminal is told once and nothing blocks`() throws {
        let pty = try Pty()
        let backend = try open(pty)
        pty.hangUp()
        #expect(backend.wait(timeout: .seconds(10)) == [.hangup])
        #expect(backend.wait(timeout: .zero) == [])
        draw("nobody sees this", on: backend)
        backend.close()
    }

    @Test func `Closing from another thread ends a wait`() async throws {
        let pty = try Pty()
        let before = pty.modes
        let backend = try open(pty)
        let closing = Task.detached { backend.close() }
        while backend.wait(timeout: nil) != [.hangup] {}
        await closing.value
        #expect(pty.modes == before)
    }

    @Test func `Without a usable terminal there is an error that says why`() throws {
        let pty = try Pty()
        let before = pty.modes
        #expect(throws: NcursesError.incapable("dumb")) { try open(pty, terminalName: "dumb") }
        #expect(throws: NcursesError.unknownTerminal("no-such-terminal")) { try open(pty, terminalName: "no-such-terminal") }
        #expect(throws: NcursesError.unknownTerminal("")) { try open(pty, terminalName: "") }
        let null = Glibc.open("/dev/null", O_RDWR)
        defer { Glibc.close(null) }
        #expect(throws: NcursesError.notATerminal) {
            try NcursesBackend(input: null, output: null, terminalName: "xterm")
        }
        let backend = try open(pty)
        #expect(throws: NcursesError.busy) { try open(pty) }
        backend.close()
        #expect(pty.modes == before)
        #expect(NcursesError.unknownTerminal("a\u{1B}b").description == "the terminal type 'a␛b' is unknown")
    }

    @Test func `Many colours do not run out of pairs`() throws {
        let pty = try Pty()
        let backend = try open(pty, terminalName: "xterm")
        for round in 0..<30 {
            var frame = Frame(size: backend.size)
            for column in 0..<16 {
                let style = Style(foreground: .ansi(UInt8(column % 8)), background: .ansi(UInt8((column * 3 + round) % 8)))
                frame.put("\(round % 10)", at: Position(row: 0, column: column), style: style)
            }
            backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: Position(row: 0, column: 0))
        }
        draw("done", on: backend)
        #expect(pty.sees("done"))
        backend.close()
    }
}
