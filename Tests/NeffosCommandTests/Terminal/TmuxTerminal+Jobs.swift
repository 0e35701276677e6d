import Foundation
import Testing

@testable import NeffosCommand

extension TmuxTerminal {
    /// Sets variables of the shell's environment.
    func export(_ variables: String...) throws {
        for variable in variables { try type("export \(variable)", "Enter") }
    }

    /// Runs the command by its own line, so that the shell has it as a job which can be stopped and brought back.
    func job(_ arguments: String) throws {
        let script = """
            cd '\(folder.path)'
            echo $$ > pid
            exec '\(try CommandProcess.binary.path)' \(arguments)
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder.file("job")))
        try type("cd '\(folder.path)'", "Enter", "stty -g > before", "Enter", "dash job", "Enter")
    }

    /// Whether a job is stopped, as the shell tells it.
    var isStopped: Bool { screen.contains("Stopped") || screen.contains("Suspended") }

    /// What programs switch on in a terminal, and are to switch off.
    struct Modes: Equatable {
        var hasMouse: Bool
        /// The screen on which programs draw, beside that of the shell.
        var isAlternate: Bool
        var showsCursor: Bool

        static let shell = Modes(hasMouse: false, isAlternate: false, showsCursor: true)
    }

    var modes: Modes {
        let flags = (try? tmux(["display-message", "-p", "#{mouse_any_flag}#{mouse_sgr_flag} #{alternate_on} #{cursor_flag}"])) ?? ""
        let parts = flags.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == 3 else { return Modes(hasMouse: false, isAlternate: false, showsCursor: false) }
        return Modes(hasMouse: parts[0] != "00", isAlternate: parts[1] == "1", showsCursor: parts[2] == "1")
    }

    /// The screen with the codes of its colors.
    var coloredScreen: String { (try? tmux(["capture-pane", "-p", "-e"])) ?? "" }

    /// Whether a color is on the screen, rather than bold, dim, reverse or underline only.
    var isColored: Bool {
        coloredScreen.split(separator: "\u{1B}[").dropFirst().contains { sequence in
            guard let end = sequence.firstIndex(of: "m") else { return false }
            return sequence[..<end].split(whereSeparator: { $0 == ";" || $0 == ":" }).contains { code in
                guard let number = Int(code) else { return false }
                return (30...38).contains(number) || (40...48).contains(number) || (90...107).contains(number)
            }
        }
    }

    /// Presses a key, and waits until something is on the screen.
    func press(_ keys: String..., until texts: [String]) async throws {
        try tmux(["send-keys"] + keys)
        try await eventually("after \(keys) there is \(texts)") {
            let screen = screen
            return texts.allSatisfy(screen.contains)
        }
    }

    /// Gives the shell a line on a terminal that a stopped program may have left without echo, and without Enter as the line's end.
    func line(_ text: String) throws {
        try tmux(["send-keys", "-l", text])
        try type("C-j")
    }

    /// Waits until the job's shell is back, and compares the settings.
    func expectShell() async throws {
        try await eventually("the shell's modes are back") { modes == .shell }
        try line("stty -g > settings; mv settings after")
        try await eventually("the shell answers") { !folder.text("after").isEmpty }
        #expect(!folder.text("before").isEmpty)
        #expect(folder.text("before") == folder.text("after"))
        #expect(!screen.contains("1 Overview"))
    }
}
