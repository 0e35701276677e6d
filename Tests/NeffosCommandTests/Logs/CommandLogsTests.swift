import Foundation
import Logging
import NeffosConsole
import Synchronization
import Testing

@testable import NeffosCommand

@Suite struct CommandLogsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func logs(_ level: String = "info", _ format: Settings.Log.Format = .text) throws -> CommandLogs {
        try CommandLogs(Settings.Log(level: level, format: format, file: folder.file("log")))
    }

    private func lines(_ name: String = "log") -> [String] {
        folder.text(name).split(separator: "\n").map { line in line.split(separator: " ").dropFirst().joined(separator: " ") }
    }

    @Test func `lines wait until it is known where they go, and are added to what the file has`() throws {
        defer { folder.remove() }
        try Data("2025 info from before\n".utf8).write(to: URL(fileURLWithPath: folder.file("log")))
        let logs = try logs()
        let logger = logs.makeLogger()
        logger.info("first")
        #expect(lines() == ["info from before"])
        logs.toStandardError()
        logger.info("second", metadata: ["b": "2", "a": "1\u{1B}[31m"])
        #expect(lines() == ["info from before", "info first", "info second a=1␛[31m b=2"])
    }

    @Test func `with the console lines are both in its pane and in the file`() throws {
        defer { folder.remove() }
        let logs = try logs("info", .json)
        let pane = Mutex<[ConsoleLog.Line]>([])
        logs.toConsole { line in pane.withLock { $0.append(line) } }
        logs.makeLogger().error("wrong", metadata: ["what": "this one"])
        #expect(pane.withLock { $0 }.map(\.text) == ["wrong what=\"this one\""])
        #expect(pane.withLock { $0 }.map(\.level) == [.error])
        let object = try #require(JSONSerialization.jsonObject(with: Data(folder.text("log").utf8)) as? [String: Any])
        #expect(object["message"] as? String == "wrong")
        #expect(object["metadata"] as? [String: String] == ["what": "this one"])
    }

    @Test func `the level may change while it runs, for loggers that there are`() throws {
        defer { folder.remove() }
        let logs = try logs("warning")
        let logger = logs.makeLogger()
        logs.toStandardError()
        logger.info("no")
        logs.level = .debug
        logger.debug("yes")
        #expect(logger.logLevel == .debug)
        #expect(lines() == ["debug yes"])
    }

    @Test func `a file that was renamed away is left alone once it is opened anew`() throws {
        defer { folder.remove() }
        let logs = try logs()
        let logger = logs.makeLogger()
        logs.toStandardError()
        logger.info("old")
        try FileManager.default.moveItem(atPath: folder.file("log"), toPath: folder.file("log.1"))
        logger.info("still old")
        #expect(logs.file?.reopen() == nil)
        logger.info("new")
        #expect(lines("log.1") == ["info old", "info still old"])
        #expect(lines() == ["info new"])
    }

    @Test func `a file that cannot be opened is told, and one that cannot be opened anew stays`() throws {
        defer { folder.remove() }
        let failure = #expect(throws: CommandFailure.self) {
            try CommandLogs(Settings.Log(level: "info", format: .text, file: "/nowhere/log"))
        }
        #expect(
            failure
                == CommandFailure(
                    .configuration, "/nowhere/log: cannot write the log: No such file or directory; check log.file or --log-file"))
        let logs = try logs()
        logs.toStandardError()
        try FileManager.default.moveItem(atPath: folder.file("log"), toPath: folder.file("log.1"))
        try FileManager.default.createDirectory(atPath: folder.file("log"), withIntermediateDirectories: false)
        #expect(logs.file?.reopen() == "Is a directory")
        logs.makeLogger().info("here")
        #expect(lines("log.1") == ["info here"])
    }
}
