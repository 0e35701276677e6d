import Foundation
import NeffosFeed
import NeffosObservatory
import Synchronization
import Testing

@testable import NeffosCommand

@Suite struct StateFileTests {
    private static let time = FeedTime(milliseconds: 1_700_000_000_000)

    private func entry(_ kind: FeedEvent.Kind) -> FeedEntry { FeedEntry(seq: 1, node: "n", event: FeedEvent(time: Self.time, kind: kind)) }

    private func opened(_ id: String) -> [FeedEntry] {
        [
            entry(.connectionOpened(.init(connection: id, key: "key-\(id)", remote: "127.0.0.1:1", userAgent: nil, tries: 0))),
            entry(.namespaceConnected(.init(connection: id, namespace: "default"))),
            entry(.roomJoined(.init(connection: id, namespace: "default", room: "lobby"))),
        ]
    }

    private func withFile(_ body: (TestFolder, StateFile) throws -> Void) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = try StateFile(path: folder.file("roster"), now: { Self.time }, report: { _ in })
        try body(folder, file)
        file.finish()
    }

    private func roster(_ path: String, now: FeedTime = time) -> Roster? {
        if case .roster(let roster) = StateFile.read(path, now: now) { roster } else { nil }
    }

    @Test func `who is here is in the file after each flush, without any end`() throws {
        try withFile { folder, file in
            #expect(roster(folder.file("roster"))?.entries.isEmpty == true)
            file.receive(opened("a") + opened("b"))
            file.flush()
            #expect(roster(folder.file("roster"))?.entries.map(\.connection) == ["a", "b"])
            #expect(roster(folder.file("roster"))?.entries.first?.namespaces == ["default": ["lobby"]])
            file.receive([entry(.connectionClosed(.init(connection: "a", code: 1006, reason: nil, by: .network, lived: 1)))])
            file.flush()
            #expect(roster(folder.file("roster"))?.entries.map(\.connection) == ["b"])
        }
    }

    @Test func `while nothing changes, the file says each second that it is true`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let now = Mutex(Self.time)
        let file = try StateFile(path: folder.file("roster"), now: { now.withLock { $0 } }, report: { _ in })
        file.receive(opened("a"))
        for _ in 0..<8 {
            now.withLock { $0 = $0 + 500 }
            file.flush()
        }
        let end = now.withLock { $0 }
        let found = try #require(roster(folder.file("roster"), now: end))
        #expect(end - found.savedAt < 1_000)
        #expect(found.entries.map(\.connection) == ["a"])
        file.finish()
    }

    @Test func `a clean stop leaves who was here when the drain began`() throws {
        try withFile { folder, file in
            file.receive(opened("a"))
            file.receive([
                entry(.serverDraining(.init(url: "u", version: "v"))),
                entry(.connectionClosed(.init(connection: "a", code: 1001, reason: nil, by: .server, lived: 1))),
                entry(.serverStopped(.init(url: "u", version: "v"))),
            ])
            file.finish()
            #expect(roster(folder.file("roster"))?.entries.map(\.connection) == ["a"])
        }
    }

    @Test func `a file that was cut off anywhere is read as far as it goes, or is no roster`() throws {
        try withFile { folder, file in
            file.receive((0..<20).flatMap { opened("client-\($0)") })
            file.flush()
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("roster")))
            var last = 0
            for length in stride(from: 1, through: bytes.count, by: 7) {
                try bytes.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut")))
                let count = roster(folder.file("cut"))?.entries.count ?? 0
                #expect(count >= last)
                last = count
            }
            #expect(last >= 19)
        }
    }

    @Test func `many changes do not let the file grow without end`() throws {
        try withFile { folder, file in
            for round in 0..<200 {
                file.receive(
                    (0..<50).flatMap { number in
                        opened("\(round)-\(number)")
                            + [
                                entry(
                                    .connectionClosed(
                                        .init(connection: "\(round)-\(number)", code: 1000, reason: nil, by: .client, lived: 1)))
                            ]
                    })
                file.flush()
            }
            let size = try #require(try FileManager.default.attributesOfItem(atPath: folder.file("roster"))[.size] as? Int)
            #expect(size < 400_000)
            #expect(roster(folder.file("roster"))?.entries.isEmpty == true)
            #expect(!FileManager.default.fileExists(atPath: folder.file("roster.new")))
        }
    }

    @Test func `a file that is replaced is the owner's alone, and a link is not followed to write`() throws {
        try withFile { folder, _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("roster"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.file("precious")))
        try FileManager.default.createSymbolicLink(atPath: folder.file("roster.new"), withDestinationPath: folder.file("precious"))
        let file = try StateFile(path: folder.file("roster"), now: { Self.time }, report: { _ in })
        file.finish()
        #expect(folder.text("precious") == "precious")
    }

    @Test func `an old, a future, a damaged and a missing roster do not count`() throws {
        try withFile { folder, file in
            file.receive(opened("a"))
            file.flush()
            let path = folder.file("roster")
            #expect(roster(path, now: Self.time + StateFile.oldest) != nil)
            #expect(roster(path, now: Self.time + (StateFile.oldest + 1)) == nil)
            #expect(roster(path, now: FeedTime(milliseconds: Self.time.milliseconds - Int64(StateFile.oldest) - 1)) == nil)
            #expect(StateFile.read(folder.file("missing"), now: Self.time) == .nothing)
            try Data("hello\nworld\n".utf8).write(to: URL(fileURLWithPath: folder.file("other")))
            guard case .unusable = StateFile.read(folder.file("other"), now: Self.time) else { return #expect(Bool(false)) }
            guard case .unusable = StateFile.read(folder.path, now: Self.time) else { return #expect(Bool(false)) }
        }
    }

    @Test func `a place that cannot be written to is told`() {
        #expect(throws: CommandFailure.self) { try StateFile(path: "/nowhere/roster", report: { _ in }) }
    }
}
