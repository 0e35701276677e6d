import Foundation
import NeffosFeed
import NeffosObservatory
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import NeffosConsole

/// Tables that are written to a file.
@Suite(.timeLimit(.minutes(1))) struct ExportTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "neffos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file() -> ExportFile { ExportFile(directory: folder.path, at: Scene.noon, utcOffset: 3600) }

    private func write(_ table: TableExport, of scene: Scene) throws -> [String] {
        defer { try? FileManager.default.removeItem(at: folder) }
        guard case .written(let path, let rows) = file().write(table, of: scene) else {
            Issue.record("not written")
            return []
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\r\n")
        #expect(lines.count == rows + 2)
        return lines
    }

    private func connections(_ fields: [ConnectionField], query: String = "", descending: Bool = false) throws -> TableExport {
        .connections(fields, sort: .key, descending: descending, query: try Query(parsing: query))
    }

    @Test func `All rows of the filter are written in their order, with exact figures and the chosen columns`() throws {
        var scene = Scene.normal
        scene.rows[4].figures = .init()
        scene.rows[4].figures?.bytesIn = 1_234_567
        let lines = try write(
            connections([.key, .age, .bytesIn, .tls, .lints], query: "key:till-*", descending: true), of: scene)
        #expect(lines[0] == "key,\"age ms\",bytes-in,tls,lints")
        #expect(lines[1] == "till-9,63900,,no,0")
        #expect(lines.contains("till-4,28900,1234567,no,0"))
        #expect(lines.count == 10)
    }

    @Test func `What a peer named cannot act on a spreadsheet or a terminal`() throws {
        var scene = Scene.normal
        let names = ["=1+1", "+1", "-1", "@sum", " =cmd|' /C calc'!A0", "a,\"b\"", "\u{1B}]52;c;AAAA\u{07}", "\t=2", "\u{FF1D}3", "plain"]
        scene.rows = names.enumerated().map { index, name in
            var row = Scene.client(index)
            row.key = name
            return row
        }
        let lines = Set(try write(connections([.key]), of: scene))
        for line in ["'=1+1", "'+1", "'-1", "'@sum", "\"' =cmd|' /C calc'!A0\"", "\"a,\"\"b\"\"\"", "␛]52;c;AAAA␇", "plain"] {
            #expect(lines.contains(line), "\(line)")
        }
        let isPlain = lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        #expect(isPlain)
    }

    @Test func `Nothing that is there is written over, and only the owner reads it`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let table = try connections([.id])
        let first = folder.appending(path: "neffos-connections-20260131-130140.csv").path
        try "mine".write(toFile: first, atomically: true, encoding: .utf8)
        let second = folder.appending(path: "neffos-connections-20260131-130140-2.csv").path
        try FileManager.default.createSymbolicLink(atPath: second, withDestinationPath: folder.appending(path: "target").path)
        let third = folder.appending(path: "neffos-connections-20260131-130140-3.csv").path
        #expect(file().write(table, of: Scene.normal) == .written(path: third, rows: 40))
        #expect(try String(contentsOfFile: first, encoding: .utf8) == "mine")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "target").path))
        let mode = try FileManager.default.attributesOfItem(atPath: third)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `A place that cannot be written is told`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let lost = ExportFile(directory: folder.appending(path: "none").path, at: Scene.noon, utcOffset: 0)
        let outcome = lost.write(try connections([.id]), of: Scene.normal)
        #expect(outcome == .failed(folder.path + "/none/neffos-connections-20260131-120140.csv: No such file or directory"))
        var console = Console(.normal, columns: 200)
        console.model.take(outcome, now: console.now)
        #expect(console.text.contains("the table was not saved: "))
    }

    @Test func `Rooms and events are written as they are shown`() throws {
        var console = Console(.normal, columns: 120, rows: 35)
        console.type("5/event:connection.closed")
        console.press(.enter)
        let events = try #require(console.model.export)
        let lines = try write(events, of: console.scene)
        #expect(lines[0] == "seq,node,time,type,connection,event")
        #expect(lines.count { $0.contains("connection.closed") } == 2)
        console.type("3")
        #expect(console.press(.control("s")) == [.save])
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rooms = try write(#require(console.model.export), of: console.scene)
        #expect(rooms.contains("default,lobby,900,1802,902,12.0,0.0"))
    }

    private final class Source: ObservatorySource {
        let observatory = Mutex(Observatory())
        func read<Result>(_ body: (Observatory) -> Result) -> Result {
            let copy = observatory.withLock { $0 }
            return body(copy)
        }
        func whenChanged(_ call: (@Sendable () -> Void)?) {}
        var log: ConsoleLog { ConsoleLog() }
    }

    @Test func `Ctrl-S writes the table in view, and the alert line says where`() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Source()
        source.observatory.withLock { observatory in
            _ = observatory.apply(
                FeedEvent(
                    time: Scene.noon,
                    kind: .connectionOpened(.init(connection: "c1", key: "k1", remote: "10.0.0.1:1", userAgent: nil, tries: 0))))
        }
        var options = ConsoleOptions(clock: { Scene.noon })
        options.uptime = { .seconds(1) }
        options.utcOffset = { _ in 0 }
        options.directory = folder.path
        let backend = TestBackend(size: Size(columns: 200, rows: 30))
        var session = ConsoleSession(backend: backend, source: source, options: options)
        _ = session.take(.key(.character("2")))
        session.draw()
        _ = session.take(.key(.control("s")))
        let path = folder.appending(path: "neffos-connections-20260131-120140.csv").path
        while session.model.notice?.role != .good {
            session.collect()
            await Task.yield()
        }
        #expect(session.model.notice?.text == "1 row saved to \(path)")
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("c1"))
        _ = session.take(.key(.character("y")))
        _ = session.take(.key(.character("Y")))
        #expect(backend.record.copies == ["c1", "k1"])
    }
}
