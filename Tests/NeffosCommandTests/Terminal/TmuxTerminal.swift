import Foundation
import Testing

@testable import NeffosCommand

extension Tag {
    /// Runs in a real terminal.
    @Tag static var terminal: Self
}

/// A real terminal with a shell in it, each with a server of tmux of its own. The shell is dash, which does not mend the terminal itself.
final class TmuxTerminal: Sendable {
    let folder: TestFolder
    private let socket: String

    static let isAvailable = ["tmux", "dash"].allSatisfy { name in
        ["/bin", "/usr/bin", "/usr/local/bin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    init(columns: Int, rows: Int) throws {
        folder = try TestFolder()
        socket = "neffos-\(UUID().uuidString)"
        try tmux(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "dash"])
    }

    deinit {
        _ = try? tmux(["kill-server"])
        folder.remove()
    }

    /// Not a `Process`: that one waits until all that its process has started are gone too, and the server of tmux stays.
    @discardableResult
    func tmux(_ arguments: [String]) throws -> String {
        let file = folder.file("output-\(UUID().uuidString)")
        defer { unlink(file) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of a pool block signals, and what is started from them would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("NEFFOS_") && $0.key != "TMUX" && $0.key != "NO_COLOR"
        }
        environment.merge(["LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "SWIFT_BACKTRACE": "enable=no", "PS1": "$ "]) { $1 }
        var words = (["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "tmux", &actions, &attributes, &words, &variables)
        guard code == 0 else { throw CommandProcess.Failure(description: "tmux does not start: \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
    }

    /// What stands on the screen.
    var screen: String { (try? tmux(["capture-pane", "-p", "-J"])) ?? "" }

    func type(_ keys: String...) throws { try tmux(["send-keys"] + keys) }
    func resize(columns: Int, rows: Int) throws { try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"]) }

    /// Starts a server in the terminal's foreground; the settings of the terminal before and after stand in files.
    func serve(_ options: String = "") throws {
        let binary = try CommandProcess.binary.path
        let script = """
            cd '\(folder.path)'
            stty -g > before
            dash -c 'echo $$ > pid; exec "\(binary)" serve --listen 127.0.0.1:0 --state none \(options)'
            echo "$?" > code
            stty -g > settings
            mv settings after
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder.file("script")))
        try type(". '\(folder.file("script"))'", "Enter")
    }

    var pid: pid_t? { pid_t(folder.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)) }
    var exitCode: Int32? { Int32(folder.text("code").trimmingCharacters(in: .whitespacesAndNewlines)) }

    func eventually(_ what: String, _ isSo: () -> Bool) async throws {
        let deadline = ContinuousClock.now + CommandProcess.patience
        while !isSo() {
            guard ContinuousClock.now < deadline else {
                throw CommandProcess.Failure(description: "in vain: \(what); the screen:\n\(screen)")
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// Waits until the command has ended, and compares the terminal's settings.
    func expectRestored() async throws {
        try await eventually("the command ends") { FileManager.default.fileExists(atPath: folder.file("after")) }
        #expect(!folder.text("before").isEmpty)
        #expect(folder.text("before") == folder.text("after"))
        // Echo works again, and the shell's own screen is back.
        try type("echo a'b'c", "Enter")
        // Typed before the shell's prompt was there, the answer stands behind it.
        try await eventually("the shell answers") { screen.contains("\nabc") || screen.contains("$ abc") }
        #expect(!screen.contains("1 Overview"))
    }
}
