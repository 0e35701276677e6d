import Foundation
import Synchronization

/// A server that is started here, killed as a crash would, and started again.
final class ServerProcess: Sendable {
    let command: String
    private let pidBox = Mutex<pid_t?>(nil)

    /// Those that run, for an end in a hurry.
    private static let running = Mutex<Set<pid_t>>([])

    init(command: String) { self.command = command }

    var pid: pid_t? { pidBox.withLock { $0 } }

    /// Runs the command by the shell, which becomes the server. Its standard output goes nowhere: ours carries the result.
    func start() throws(CommandFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process ignores or blocks is nothing that a server should inherit.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup("exec \(command)"), nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environ)
        guard code == 0 else {
            throw CommandFailure(.unavailable, "--restart: the command cannot be started: \(SystemProblem.text(of: code)); check it")
        }
        Self.running.withLock { _ = $0.insert(pid) }
        pidBox.withLock { $0 = pid }
    }

    /// Kills it, and waits until it is gone.
    func kill() {
        let pid = pidBox.withLock { pid in
            defer { pid = nil }
            return pid
        }
        guard let pid else { return }
        Foundation.kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        Self.running.withLock { _ = $0.remove(pid) }
    }

    /// Whether it has ended by itself.
    var hasEnded: Bool {
        guard let pid else { return true }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return false }
        Self.running.withLock { _ = $0.remove(pid) }
        pidBox.withLock { $0 = nil }
        return true
    }

    static func killAll() {
        for pid in running.withLock({ $0 }) { Foundation.kill(pid, SIGKILL) }
    }

    /// Kills a process that is not ours to wait for, and returns when it is gone.
    static func kill(_ pid: pid_t, within limit: Duration) async throws(CommandFailure) {
        guard Foundation.kill(pid, SIGKILL) == 0 else {
            throw CommandFailure(.unavailable, "--kill-pid: \(pid) cannot be killed: \(SystemProblem.text(of: errno)); check the number")
        }
        let end = ContinuousClock.now + limit
        while !isGone(pid) {
            guard .now < end else { throw CommandFailure(.unavailable, "--kill-pid: \(pid) does not end; end it yourself") }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    /// A zombie is gone too.
    private static func isGone(_ pid: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")") else {
            return true
        }
        let state = stat[stat.index(after: end)...].first { !$0.isWhitespace }
        return state == "Z" || state == "X"
    }
}
