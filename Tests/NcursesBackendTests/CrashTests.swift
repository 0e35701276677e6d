import Foundation
import Glibc
import NcursesBackend
import Terminal
import TestSupport
import Testing

/// A process that dies with a screen up, in a child of the test.
@Suite(.fewAtOnce, .tags(.realTerminal), .timeLimit(.minutes(5))) struct CrashTests {
    private static func screen(at path: String) throws -> NcursesBackend {
        let terminal = open(path, O_RDWR | O_NOCTTY)
        let backend = try NcursesBackend(input: terminal, output: terminal, terminalName: "xterm-256color", locale: "C.UTF-8")
        var frame = Frame(size: backend.size)
        frame.put("alive", at: Position(row: 0, column: 0))
        backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
        return backend
    }

    @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT])
    func `A crash leaves the terminal as it was and still kills`(signal: Int32) async throws {
        let pty = try Pty()
        let before = pty.modes
        let path = pty.path
        let result = await #expect(processExitsWith: .failure, observing: []) { [path = path as String, signal = signal as Int32] in
            // No backtrace: it takes seconds.
            Glibc.signal(signal, SIG_DFL)
            let backend = try Self.screen(at: path)
            kill(getpid(), signal)
            _ = backend.wait(timeout: .seconds(60))
        }
        #expect(result?.exitStatus == .signal(signal))
        #expect(pty.sees("alive"))
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
    }

    @Test func `The handler that was there before gets its turn after the terminal is restored`() async throws {
        let pty = try Pty()
        let before = pty.modes
        let path = pty.path
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            Glibc.signal(SIGSEGV) { _ in _exit(42) }
            let backend = try Self.screen(at: path)
            kill(getpid(), SIGSEGV)
            _ = backend.wait(timeout: .seconds(60))
        }
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
    }

    @Test func `A thread that goes on drawing while the process dies does not draw on the shell's screen`() async throws {
        let pty = try Pty()
        let path = pty.path
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            // A backtrace takes as long, or longer.
            Glibc.signal(SIGSEGV) { _ in
                usleep(300_000)
                _exit(42)
            }
            let backend = try Self.screen(at: path)
            let size = backend.size
            Thread.detachNewThread {
                var count = 0
                while true {
                    var frame = Frame(size: size)
                    frame.put("drawing \(count)", at: Position(row: 1, column: 0))
                    backend.draw(FrameDiff.changes(from: nil, to: frame), cursor: nil)
                    count += 1
                    usleep(5_000)
                }
            }
            usleep(50_000)
            // On this thread, not on the one that draws.
            raise(SIGSEGV)
            _ = backend.wait(timeout: .seconds(60))
        }
        // All of what the terminal's description has for leaving.
        #expect(pty.sees("\u{1B}[?1049l\u{1B}[23;0;0t"))
        #expect(pty.rest() == [])
    }

    @Test(arguments: [SIGUSR1, SIGUSR2, SIGALRM])
    func `A signal that nobody cares for kills, and leaves the terminal as it was`(signal: Int32) async throws {
        let pty = try Pty()
        let before = pty.modes
        let path = pty.path
        await #expect(processExitsWith: .signal(signal)) { [path = path as String, signal = signal as Int32] in
            Glibc.signal(signal, SIG_DFL)
            let backend = try Self.screen(at: path)
            kill(getpid(), signal)
            _ = backend.wait(timeout: .seconds(60))
        }
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
    }

    @Test func `A signal that somebody cares for stays with them`() async throws {
        let pty = try Pty()
        let path = pty.path
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            Glibc.signal(SIGUSR1) { _ in _exit(42) }
            Glibc.signal(SIGUSR2, SIG_IGN)
            let backend = try Self.screen(at: path)
            kill(getpid(), SIGUSR2)
            kill(getpid(), SIGUSR1)
            _ = backend.wait(timeout: .seconds(60))
        }
    }

    @Test func `A stack that overflows leaves the terminal as it was`() async throws {
        let pty = try Pty()
        let before = pty.modes
        let path = pty.path
        await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
            Glibc.signal(SIGSEGV, SIG_DFL)
            let backend = try Self.screen(at: path)
            withExtendedLifetime(backend) { print(Self.dig(1)) }
        }
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
    }

    private static func dig(_ depth: Int) -> Int {
        depth < 0 ? 0 : dig(depth + 1) + dig(depth + 2)
    }

    @Test func `An exit without closing leaves the terminal as it was`() async throws {
        let pty = try Pty()
        let before = pty.modes
        let path = pty.path
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            let backend = try Self.screen(at: path)
            withExtendedLifetime(backend) { exit(7) }
        }
        #expect(pty.sees("\u{1B}[?1049l"))
        #expect(pty.modes == before)
    }
}
