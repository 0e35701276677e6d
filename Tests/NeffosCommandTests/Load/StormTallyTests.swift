import Neffos
import Testing

@testable import NeffosCommand

@Suite struct StormTallyTests {
    private func returned(_ tally: StormTally, _ number: Int, tries: Int) {
        tally.trace(number, .changed(.waiting(tries: tries)))
        tally.trace(number, .probeAnswered(status: 302))
        tally.trace(number, .changed(.dialing(tries: tries)))
        tally.trace(number, .changed(.restoring))
        tally.trace(number, .changed(.connected("id")))
    }

    private func report(
        _ tally: StormTally, count: Int, _ change: (inout StormOutage, inout LoadHeader) -> Void = { _, _ in }
    ) throws -> StormReport {
        let opening = LoadOpening(opened: count, failed: 0, errors: [], seconds: 1, Latencies())
        let began = tally.now.members.compactMap(\.lostAt).min() ?? 0
        var outage = StormOutage(kind: .restart, began: began, listening: began, expected: count)
        var header = LoadHeader(mode: "storm", url: "ws://h/", connections: count)
        change(&outage, &header)
        return StormReport(
            header: header, opening: opening, rooms: 1,
            every: DurationText(milliseconds: 500), jitter: 0,
            outage: outage,
            members: tally.now.members.enumerated().map { StormReport.Client(name: "\($0.offset + 1)", $0.element) }, state: tally.now,
            server: nil, cost: LoadCost(cpu: 0, seconds: 1, threads: 1, lag: 0))
    }

    @Test func `all are restored, with their tries`() throws {
        let tally = StormTally(count: 3)
        tally.begin()
        for number in 0..<3 { returned(tally, number, tries: number == 0 ? 2 : 1) }
        #expect(tally.lost == 3)
        #expect(tally.restored == 3)
        let report = try report(tally, count: 3)
        #expect(report.failure == nil)
        #expect(report.missing.isEmpty)
        #expect(report.tries.map(\.tries) == [1, 2])
        #expect(report.tries.map(\.clients) == [2, 1])
    }

    @Test func `who does not come back is missing, with what it does`() throws {
        let tally = StormTally(count: 2)
        tally.begin()
        returned(tally, 0, tries: 1)
        tally.trace(1, .changed(.waiting(tries: 1)))
        tally.listening()
        tally.trace(1, .changed(.probing))
        tally.problem(1, .probeFailed(ClientError.unreachable("refused"), tries: 1))
        tally.trace(1, .changed(.waiting(tries: 2)))
        let report = try report(tally, count: 2)
        #expect(report.missing == [StormReport.Missing(client: "2", state: "waiting, try 2", problem: nil)])
        #expect(report.failure == "not all went well: 1 not restored (2)")
        #expect(tally.now.headsFailed == 1)
        #expect(tally.now.headsRefused == 0)
    }

    @Test func `that nobody listened is told, and not taken for somebody who did`() throws {
        let tally = StormTally(count: 1)
        tally.begin()
        tally.trace(0, .changed(.waiting(tries: 1)))
        func report(_ kind: StormOutage.Kind, listened: Bool, interrupted: Bool = false) throws -> StormReport {
            try self.report(tally, count: 1) { outage, header in
                outage.kind = kind
                outage.listening = outage.began + 4_006_000_000
                outage.hasListened = listened
                header.isInterrupted = interrupted
            }
        }
        func outage(_ report: StormReport) -> String? { report.lines.first { $0.hasPrefix("outage") } }
        let silent = try report(.awaited, listened: false)
        #expect(outage(silent)?.hasSuffix(" nobody listened within 4.006 s") == true)
        #expect(!silent.lines.contains { $0.contains("from when it could be") })
        let advice = "start the server again, or give it more with --limit"
        #expect(silent.failure == "not all went well: 1 not restored (1): nobody listened within 4.006 s; \(advice)")
        #expect(outage(try report(.awaited, listened: true))?.hasSuffix(" after 4.006 s there was somebody who listens") == true)
        let ended = try report(.restart, listened: false, interrupted: true)
        #expect(outage(ended)?.hasSuffix(" the server was killed, and did not listen again within 4.006 s") == true)
        #expect(ended.failure == "not all went well: 1 not restored (1)")
        let spared = try self.report(StormTally(count: 1), count: 0) { outage, _ in outage.kind = .awaited }
        #expect(outage(spared)?.hasSuffix(" none came") == true)
    }

    @Test func `a probe that was refused before somebody listened is no failed one, however late that is heard`() {
        let tally = StormTally(count: 1)
        tally.begin()
        tally.trace(0, .changed(.waiting(tries: 1)))
        tally.trace(0, .changed(.probing))
        tally.listening()
        tally.problem(0, .probeFailed(ClientError.unreachable("refused"), tries: 1))
        #expect(tally.now.headsFailed == 0)
        #expect(tally.now.headsRefused == 1)
    }

    @Test func `a room that cannot be entered again keeps a client from being restored`() throws {
        let tally = StormTally(count: 1)
        tally.begin()
        tally.trace(0, .changed(.waiting(tries: 1)))
        tally.trace(0, .changed(.restoring))
        tally.problem(0, .roomLost("room0", namespace: "default", NeffosError("full")))
        tally.trace(0, .changed(.connected("id")))
        #expect(tally.restored == 0)
        let missing = try #require(try report(tally, count: 1).missing.first)
        #expect(missing.problem?.contains("full") == true)
    }

    @Test func `a connection that does not last is told`() throws {
        let tally = StormTally(count: 1)
        tally.begin()
        returned(tally, 0, tries: 1)
        tally.trace(0, .changed(.waiting(tries: 1)))
        #expect(tally.now.droppedLater == 1)
        #expect(try report(tally, count: 1).failure == "not all went well: 1 dropped again")
    }

    @Test func `what is lost before the outage is no part of it`() {
        let tally = StormTally(count: 1)
        returned(tally, 0, tries: 3)
        #expect(tally.lost == 0)
        #expect(tally.now.heads.isEmpty)
    }

    @Test func `a probe that is answered otherwise than with 302 is told`() {
        let tally = StormTally(count: 1)
        tally.begin()
        tally.trace(0, .probeAnswered(status: 502))
        #expect(tally.now.headsBad == 1)
        #expect(tally.now.heads.count == 1)
    }
}
