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
    private let output = Mutex(Data())
    private let errors = Mutex(Data())
    private let ended = Mutex<Int32?>(nil)
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
        all.merge(environment) { $1 }
        process.environment = all
        let (out, err, input) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        process.standardInput = launcher?.input ?? input
        self.input = input
        let ends = Ends()
        process.terminationHandler = { ends.set($0.terminationStatus) }
        try process.runWithPlainSignals()
        pid = process.processIdentifier
        self.process = Mutex(process)
        read(out.fileHandleForReading) { data in self.output.withLock { $0.append(data) } }
        read(err.fileHandleForReading) { data in self.errors.withLock { $0.append(data) } }
        ends.then { status in self.ended.withLock { $0 = status } }
    }

    /// The status may come before there is somebody to tell.
    private final class Ends: Sendable {
        private let state = Mutex<(status: Int32?, told: (@Sendable (Int32) -> Void)?)>((nil, nil))

        func set(_ status: Int32) {
            let told = state.withLock { state in
                state.status = status
                return state.told
            }
            told?(status)
        }

        func then(_ told: @escaping @Sendable (Int32) -> Void) {
            let status = state.withLock { state in
                state.told = told
                return state.status
            }
            if let status { told(status) }
        }
    }

    private let open = Mutex(2)

    private func read(_ handle: FileHandle, _ take: @escaping @Sendable (Data) -> Void) {
        let thread = Thread {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Foundation.read(handle.fileDescriptor, &bytes, bytes.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                take(Data(bytes[..<count]))
            }
            try? handle.close()
            self.open.withLock { $0 -= 1 }
        }
        thread.start()
    }

    var standardOutput: String { output.withLock { String(decoding: $0, as: UTF8.self) } }
    var standardError: String { errors.withLock { String(decoding: $0, as: UTF8.self) } }
    var errorLines: [String] { standardError.split(separator: "\n").map(String.init) }

    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
    func endInput() throws { try input.fileHandleForWriting.close() }
    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end, and for all that was written.
    func exit() async throws -> Int32 {
        try await eventually("the command ends") { self.ended.withLock { $0 } != nil && self.open.withLock { $0 } == 0 }
        return ended.withLock { $0 } ?? -1
    }

    /// Where it listens, once it does.
    func url() async throws -> String {
        try await eventually("the command listens") {
            self.errorLines.contains { $0.hasPrefix("listening on ") } || self.ended.withLock { $0 } != nil
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
