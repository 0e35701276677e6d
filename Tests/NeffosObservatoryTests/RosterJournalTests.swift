import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct RosterJournalTests {
    /// The file after each line of a small life of a server.
    private func life() -> (file: [UInt8], states: [(length: Int, roster: Roster)]) {
        var player = TapePlayer()
        player.start()
        player.come("a", key: "käy \"\\\n\u{1b}[2J")
        player.skip(10)
        player.open("b", key: nil, remote: "[::1]:9")
        player.enter("b", "")
        player.join("b", "", "room\u{202e}")
        player.part("a", "default", "lobby")
        player.leave("b", "")
        player.close("b")
        player.come("c", key: "c")
        player.drain()
        player.close("a", code: 1001, by: .server)
        player.stop()
        var journal = RosterJournal()
        var file = journal.compact(at: player.tape[0].time)
        var states = [(file.count, journal.roster(savedAt: player.tape[0].time))]
        for event in player.tape {
            guard let bytes = journal.record(event) else { continue }
            file += bytes
            // Each event but the stop is one line here.
            states.append((file.count, journal.roster(savedAt: event.time)))
        }
        return (file, states)
    }

    @Test func `a file torn at any byte is read up to its last whole line`() throws {
        let (file, states) = life()
        for length in 0...file.count {
            let torn = Array(file[..<length])
            guard let state = states.last(where: { $0.length <= length }) else {
                #expect(throws: RosterError.empty) { try Roster(decoding: torn) }
                continue
            }
            #expect(try Roster(decoding: torn).entries == state.roster.entries)
            #expect(try Roster(decoding: torn).savedAt == state.roster.savedAt)
        }
    }

    @Test func `a clean stop leaves who was here when the drain began`() throws {
        let roster = try Roster(decoding: life().file)
        #expect(roster.entries.map(\.connection) == ["a", "c"])
        #expect(roster.entries[0].key == "käy \"\\\n\u{1b}[2J")
        #expect(roster.entries[0].namespaces == ["default": []])
        #expect(roster.entries[1].namespaces == ["default": ["lobby"]])
    }

    @Test func `a line holds no control character whatever a client is named`() {
        for byte in life().file where byte != 10 { #expect(byte >= 0x20 && byte != 0x7f) }
    }

    @Test func `compaction says the same in fewer lines`() throws {
        var player = TapePlayer()
        var journal = RosterJournal()
        var file = journal.compact(at: player.time)
        player.start()
        for number in 0..<2_000 {
            player.come("c\(number)", key: "k")
            if number >= 10 { player.close("c\(number)") }
        }
        for event in player.tape { journal.record(event, into: &file) }
        #expect(journal.needsCompaction)
        let short = journal.compact(at: player.time)
        #expect(!journal.needsCompaction)
        #expect(short.count < file.count / 100)
        #expect(try Roster(decoding: short) == Roster(decoding: file))
        #expect(try Roster(decoding: short).entries.count == 10)
    }

    @Test func `a tick keeps an idle roster young`() throws {
        var journal = RosterJournal()
        var file = journal.compact(at: FeedTime(milliseconds: 1_000))
        file += journal.tick(at: FeedTime(milliseconds: 900_000))
        #expect(try Roster(decoding: file).savedAt == FeedTime(milliseconds: 900_000))
    }

    @Test func `ticks alone lead to a compaction at last`() {
        var journal = RosterJournal()
        _ = journal.compact(at: FeedTime(milliseconds: 0))
        var ticks = 0
        while !journal.needsCompaction, ticks < 10_000 {
            _ = journal.tick(at: FeedTime(milliseconds: Int64(ticks)))
            ticks += 1
        }
        #expect(ticks < 2_000)
    }

    @Test func `a snapshot makes the file right again`() throws {
        var player = TapePlayer()
        player.start()
        for name in ["gone", "stays", "moves"] { player.come(name, key: name) }
        player.play(
            .snapshot(
                .init(connections: [
                    .init(connection: "stays", key: "stays", remote: "10.0.0.1:5000", tries: 0, namespaces: ["default": ["lobby"]]),
                    .init(connection: "moves", key: "moves", remote: "10.0.0.1:5000", tries: 0, namespaces: ["chat": ["x"]]),
                    .init(connection: "new", key: nil, remote: "r", tries: 0, namespaces: [:]),
                ])))
        var journal = RosterJournal()
        var file = journal.compact(at: player.time)
        for event in player.tape { journal.record(event, into: &file) }
        let roster = try Roster(decoding: file)
        #expect(roster.entries.map(\.connection) == ["moves", "new", "stays"])
        #expect(roster.entries.map(\.namespaces) == [["chat": ["x"]], [:], ["default": ["lobby"]]])
        #expect(Set(roster.entries) == Set(player.observatory.roster.entries))
    }

    @Test func `what is no roster is refused with a reason`() {
        func error(_ text: String) -> RosterError? {
            do {
                _ = try Roster(decoding: Array(text.utf8))
                return nil
            } catch { return error }
        }
        #expect(error("") == .empty)
        #expect(error("hello\n") == .notARoster)
        #expect(error("[\"neffos-roster\",2,5]\n") == .version(2))
        #expect(error("[\"neffos-roster\",1,5]\n[\"+\",6]\n[\"t\",7]\n") == .damaged(line: 2))
        #expect(error("[\"neffos-roster\",1,5]\n[\"t\",7]\n[\"+") == nil)
    }

    @Test func `who had no time to come back before a second kill is still known as lost`() throws {
        var first = TapePlayer()
        first.start()
        first.come("a", key: "alice")
        first.come("b", key: "bob")
        first.come("c", key: "carol")
        var journal = RosterJournal()
        for event in first.tape { _ = journal.record(event) }
        let roster = try Roster(decoding: journal.compact(at: first.tape[0].time))

        var second = RosterJournal(observing: roster)
        let start = roster.savedAt + 1_000
        var file = second.compact(at: start)
        let state = FeedEvent.ServerState(url: "ws://h", version: "1")
        let returned = FeedEvent.ConnectionOpened(connection: "a2", key: "alice", remote: "h:1", userAgent: nil, tries: 1)
        for kind in [FeedEvent.Kind.serverStarted(state), .connectionOpened(returned)] {
            file += second.record(FeedEvent(time: start, kind: kind)) ?? []
        }
        #expect(try Roster(decoding: file).entries.map(\.connection) == ["a2", "b", "c"])
        #expect(try Roster(decoding: second.compact(at: start + 5)).entries.map(\.connection) == ["a2", "b", "c"])

        // A third start eleven minutes later no longer waits for those of the first.
        let late = FeedEvent(time: start + 11 * 60_000, kind: .serverStarted(state))
        file += second.record(late) ?? []
        #expect(try Roster(decoding: file).entries.map(\.connection) == ["a2"])
    }
}
