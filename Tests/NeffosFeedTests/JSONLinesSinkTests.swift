import Foundation
import NeffosFeed
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct JSONLinesSinkTests {
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "feed-\(UUID().uuidString).jsonl").path
    }

    private func entries(_ seqs: ClosedRange<Int>, _ kind: FeedEvent.Kind = acknowledged("a")) -> [FeedEntry] {
        seqs.map { entry(kind, seq: $0) }
    }

    @Test func `a file is begun anew or gone on with, and complete when the sink is finished`() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (append, seqs) in [(true, 1...3), (true, 4...4), (false, 5...600)] {
            let sink = try JSONLinesSink(path: path, append: append)
            sink.receive(entries(seqs))
            sink.finish()
            #expect(sink.failure == nil)
            #expect(sink.statistics.written == seqs.count)
            let read = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try JSONLines.decode(String($0)).seq }
            #expect(read == (append ? Array(1...seqs.upperBound) : Array(seqs)))
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect((mode ?? 0o777) & 0o133 == 0)
    }

    @Test func `a line that a crash tore does not spoil the first new one`() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #"{"v":1,"seq":7,"ti"#.write(toFile: path, atomically: true, encoding: .utf8)
        let sink = try JSONLinesSink(path: path, append: true)
        sink.receive(entries(1...2))
        sink.finish()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(throws: TapeError.self) { try JSONLines.decode(String(lines[0])) }
        #expect(try JSONLines.decode(String(lines[1])).seq == 1)
    }

    @Test func `a file that cannot be opened says why`() {
        do {
            _ = try JSONLinesSink(path: "/nowhere/at/all/feed.jsonl", append: false)
            Issue.record("opened")
        } catch {
            #expect(error.description == "cannot open /nowhere/at/all/feed.jsonl for the feed: No such file or directory")
        }
    }

    @Test func `a reader that left makes the sink stop, and nothing else`() throws {
        let pipe = try Pipe()
        pipe.closeReader()
        let sink = JSONLinesSink(descriptor: pipe.writer, closeWhenDone: true)
        sink.receive(entries(1...3))
        sink.finish()
        sink.receive(entries(4...5))
        #expect(sink.failure == "cannot write the feed to descriptor \(pipe.writer): Broken pipe")
        #expect(sink.failureCode == EPIPE)
        #expect(sink.statistics.written == 0)
        #expect(sink.statistics.missedByType == ["connection.acknowledged": 5])
    }

    #if os(Linux)
    @Test func `a full disk makes the sink stop, and nothing else`() throws {
        let sink = try JSONLinesSink(path: "/dev/full", append: true)
        sink.receive(entries(1...3))
        sink.finish()
        #expect(sink.failure == "cannot write the feed to /dev/full: No space left on device")
        #expect(sink.failureCode == ENOSPC)
        #expect(sink.statistics.missed == 3)
    }

    @Test func `a write that fails is told once, when it fails, by the name that was given`() async throws {
        let (told, tell) = AsyncStream.makeStream(of: String.self)
        let sink = JSONLinesSink(descriptor: open("/dev/full", O_WRONLY), closeWhenDone: true, name: "the tape") { failure, code in
            tell.yield("\(code): \(failure)")
        }
        sink.receive(entries(1...3))
        var lines = told.makeAsyncIterator()
        #expect(await lines.next() == "\(ENOSPC): cannot write the feed to the tape: No space left on device")
        sink.receive(entries(4...5))
        sink.finish()
        tell.finish()
        #expect(await lines.next() == nil)
    }
    #endif

    @Test func `a slow reader gets a gap where the sink lost its place, and the snapshot that was asked for`() async throws {
        let pipe = try Pipe()
        let feed = EventFeed(node: "web-1")
        let all = RecordingSink()
        let buffer = feed.makeBuffer()
        feed.setSnapshotSource { buffer.publishSnapshotPart([present("A")], counters: [:]) }
        let sink = JSONLinesSink(descriptor: pipe.writer, closeWhenDone: true, feed: feed, bound: 10)
        feed.add(sink)
        feed.add(all)
        // More than the pipe holds: the sink's thread stands still until somebody reads.
        let long = String(repeating: "x", count: 50_000)
        for _ in 0..<40 { buffer.publish(acknowledged(long)) }
        feed.drain()
        buffer.publish(probe("still lost"))
        feed.drain()
        feed.start()
        async let text = pipe.readAll()
        #expect(await all.wait(for: "snapshot") != nil)
        feed.stop()

        let read = try await text.split(separator: "\n").map { try JSONLines.decode(String($0)) }
        try FeedThreadTests.checkNumbers(read)
        #expect(read.map(\.event.kind.typeName).filter { $0 != "connection.acknowledged" } == ["feed.gap", "snapshot"])
        #expect(read.last?.seq == 42)
        let written = read.count - 2
        #expect(read[written].seq == 41)
        #expect(
            read[written].event.kind == .feedGap(.init(missed: 41 - written, kinds: ["connection.acknowledged": 40 - written, "probe": 1])))
        #expect(sink.statistics.missed == 41 - written)
        // Whoever kept up is told of nothing.
        #expect(!all.typeNames.contains("feed.gap"))
        #expect(all.entries.map(\.seq) == Array(1...42))
    }

    @Test func `a reader that never reads keeps nobody from ending`() async throws {
        let pipe = try Pipe()
        let sink = JSONLinesSink(descriptor: pipe.writer, closeWhenDone: true, bound: 10, patience: .milliseconds(20))
        sink.receive(entries(1...40, acknowledged(String(repeating: "x", count: 50_000))))
        sink.finish()
        #expect(sink.failure == "cannot write the feed to descriptor \(pipe.writer): its reader is too slow")
        // Lets the sink's thread go.
        let text = await pipe.readAll()
        #expect(text.utf8.count < 600_000)
        #expect(sink.statistics.written + sink.statistics.missed == 40)
    }

    @Test func `what is given is written without another event`() async throws {
        let pipe = try Pipe()
        let sink = JSONLinesSink(descriptor: pipe.writer, closeWhenDone: true)
        var byte = [UInt8](repeating: 0, count: 1)
        for seq in 1...3 {
            sink.receive(entries(seq...seq))
            var line: [UInt8] = []
            while read(pipe.reader, &byte, 1) == 1 {
                line += byte
                if byte[0] == UInt8(ascii: "\n") { break }
            }
            #expect(try JSONLines.decode(line).seq == seq)
        }
        sink.finish()
        pipe.closeReader()
    }
}
