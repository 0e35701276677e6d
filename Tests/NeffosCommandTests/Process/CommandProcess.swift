import Foundation
import Synchronization

/// The built command as a process of its own, with what it writes.
final class CommandProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Nothing here takes this long but on a machine that is very busy.
    static let patience = Duration.seconds(60)

    /// Beside the tests' own bundle.
    static var binary: URL {
        get throws {
            let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            var folder = bundle.deletingLastPathComponent()
            for _ in 0..<4 {
                let file = folder.appendingPathComponent("neffos")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue { return file }
                folder.deleteLastPathComponent()
            }
            throw Failure(description: "the built neffos is not beside \(bundle.path)")
        }
    }

    private let process: Mutex<Process>
    private let record: ProcessRecord
    private let input: Pipe
    let pid: pid_t

    /// How a process is started that is to have something that only a shell can give it.
    struct Launcher {
        /// A shell's script, whose `"$@"` is the command.
        var script: String
        var input: FileHandle
    }

    init(_ arguments: [String], environment: [String: String] = [:], launcher: Launcher? = nil) throws {
        let process = Process()
        process.executableURL = launcher == nil ? try Self.binary : URL(fileURLWithPath: "/bin/sh")
        process.arguments = launcher.map { ["-c", $0.script, "sh"] } ?? []
        if launcher != nil { process.arguments?.append(try Self.binary.path) }
        process.arguments? += arguments
        var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("NEFFOS_") }
        // One that crashes says where.
        all["SWIFT_BACKTRACE"] = "enable=yes,interactive=no,color=no"
        all.merge(environment) { $1 }
        process.environment = all
        let (out, err, input) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        process.standardInput = launcher?.input ?? input
        self.input = input
        let record = ProcessRecord(of: arguments)
        self.record = record
        process.terminationHandler = { record.end($0.terminationStatus, isSignal: $0.terminationReason == .uncaughtSignal) }
        try process.runWithPlainSignals()
        pid = process.processIdentifier
        self.process = Mutex(process)
        record.read(out.fileHandleForReading, isErrors: false)
        record.read(err.fileHandleForReading, isErrors: true)
    }

    var standardOutput: String { record.output }
    var standardError: String { record.errors }
    var errorLines: [String] { standardError.split(separator: "\n").map(String.init) }

    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
    func endInput() throws { try input.fileHandleForWriting.close() }
    func signal(_ number: Int32) {
        record.expect(signal: number)
        kill(pid, number)
    }

    /// Waits for the end, and for all that was written.
    func exit() async throws -> Int32 {
        try await eventually("the command ends") { self.record.isComplete }
        return record.status ?? -1
    }

    /// Where it listens, once it does.
    func url() async throws -> String {
        try await eventually("the command listens") {
            self.errorLines.contains { $0.hasPrefix("listening on ") } || self.record.status != nil
        }
        let line = errorLines.first { $0.hasPrefix("listening on ") }
        guard let line else { throw Failure(description: "it does not listen: \(standardError)") }
        return String(line.dropFirst("listening on ".count))
    }

    /// Waits until something is so.
    func eventually(_ what: String, _ isSo: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while try !isSo() {
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "in vain: \(what); standard error: \(standardError.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    deinit {
        // Only what this test has started, and only if it still runs.
        process.withLock { if $0.isRunning { kill(pid, SIGKILL) } }
    }
}

extension Process {
    /// Threads of a pool block signals, and what is started from them would inherit that.
    func runWithPlainSignals() throws {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_UNBLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// A folder for one test.
struct TestFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
    func text(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
