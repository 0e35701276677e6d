import Glibc
import NcursesBackend
import Terminal
import Testing

extension NcursesBackendTests {
    /// The mouse over real curses; in the suite of the others because a process has one screen.
    @Suite struct MouseInputTests {
        private func open(_ pty: Pty, mouse: Bool) throws -> NcursesBackend {
            try NcursesBackend(
                input: pty.slave, output: pty.slave, terminalName: "xterm-256color", locale: "C.UTF-8", mouse: mouse)
        }

        @Test func `Clicks and the wheel come with the cell they were on`() throws {
            let pty = try Pty()
            let backend = try open(pty, mouse: true)
            #expect(pty.sees("\u{1B}[?1000h\u{1B}[?1006h"))
            pty.type("\u{1B}[<0;6;4M\u{1B}[<0;6;4m\u{1B}[<65;80;24Mq")
            var events: [TerminalEvent] = []
            while !events.contains(.key(.character("q"))) { events += backend.wait(timeout: .seconds(10)) }
            #expect(
                events == [
                    .mouse(MouseEvent(.press, at: Position(row: 3, column: 5))),
                    .mouse(MouseEvent(.wheelDown, at: Position(row: 23, column: 79))), .key(.character("q")),
                ])
            backend.close()
            #expect(pty.sees("\u{1B}[?1006l\u{1B}[?1000l"))
        }

        @Test func `A mouse that was not asked for stays the terminal's`() throws {
            let pty = try Pty()
            let backend = try open(pty, mouse: false)
            #expect(pty.sees("\u{1B}[?1049h"))
            var frame = Frame(size: backend.size)
            frame.put("end", at: Position(row: 0, column: 0))
            backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
            #expect(pty.sees("end"))
            #expect(!String(decoding: pty.output, as: UTF8.self).contains("1000h"))
            backend.close()
        }
    }
}
