import Foundation
import NeffosFeed
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

/// Three outages, told by the Returns screen alone.
@Suite struct OutageTests {
    /// The model as it is at the end of a kept tape, second by second as a server would have it.
    private static func play(_ tape: OutageTapes) throws -> Observatory {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: 2_000)
        for line in try Data(contentsOf: tape.file).split(separator: UInt8(ascii: "\n")) {
            let entry = try JSONLines.decode(line)
            while !isStart(entry), observatory.now.milliseconds > 0, entry.event.time - observatory.now > 1000 {
                _ = observatory.advance(to: observatory.now + 1000)
            }
            _ = observatory.apply(entry)
        }
        return observatory
    }

    private static func isStart(_ entry: FeedEntry) -> Bool { if case .serverStarted = entry.event.kind { true } else { false } }

    private static func frame(_ observatory: Observatory, _ size: Size, _ keys: Key...) -> Frame {
        var model = ConsoleModel(size: size, clock: observatory.now)
        for key in [Key.character("4")] + keys {
            _ = model.update(key, live: observatory, now: .seconds(1))
            model.refresh(from: observatory, now: .seconds(1))
        }
        return ConsoleRenderer.frame(observatory, model, theme: Theme(depth: .indexed256, ascii: false))
    }

    /// Without line breaks and the columns between.
    private static func words(_ frame: Frame) -> String {
        frame.text.split { $0 == "\n" || $0 == " " || $0 == "│" }.joined(separator: " ")
    }

    @Test(arguments: OutageTapes.allCases)
    func `The kept tapes are what the generator makes, and not large`(tape: OutageTapes) throws {
        let made = Data(tape.make())
        if Golden.isRecording {
            try FileManager.default.createDirectory(at: OutageTapes.folder, withIntermediateDirectories: true)
            try made.write(to: tape.file)
        }
        #expect(try Data(contentsOf: tape.file) == made)
        #expect(made.count <= 1_500_000)
    }

    @Test(arguments: OutageTapes.allCases)
    func `Each outage is told as it was last looked at`(tape: OutageTapes) throws {
        let observatory = try Self.play(tape)
        for size in GoldenScreenTests.sizes {
            Golden.check(Self.frame(observatory, size), "outage-\(tape.rawValue)-\(size.columns)x\(size.rows)")
        }
    }

    @Test func `A restart of which twelve never return is told by the screen alone`() throws {
        let observatory = try Self.play(.restart)
        let incident = try #require(observatory.incidents.first)
        #expect(incident.dropped == 1000)
        #expect(incident.missing == 12)
        #expect(!incident.isOpen)
        for size in GoldenScreenTests.sizes {
            let text = Self.frame(observatory, size).text
            for part in [
                "server restart", "restarted and was away", "1 000 clients lost it", "988 are back", "12 of 1 000",
                "3 refused (token expired)", "9 have not knocked once", "Renew the tokens",
            ] {
                #expect(Self.told(text, part), "\(part) at \(size.columns)")
            }
            // Who can be helped stands first.
            #expect(text.contains("kiosk-1"))
        }
        let all = Self.frame(observatory, Size(columns: 80, rows: 24), .enter).text
        for number in 1...11 { #expect(all.contains("kiosk-\(number) ")) }
        #expect(all.contains("till-500"))
        #expect(all.contains("silent"))
    }

    @Test func `Clients that gave up because a proxy answered for the server are told as such, and orphan probes name some`() throws {
        let observatory = try Self.play(.proxy)
        let incident = try #require(observatory.incidents.first)
        #expect(incident.dropped == 300)
        #expect(incident.upgraded == 24)
        #expect(incident.missing == 276)
        for size in GoldenScreenTests.sizes {
            let text = Self.frame(observatory, size).text
            for part in [
                "was away 19.9 s", "300 clients lost it", "24 are back", "276 of 300", "13 knocked, were answered, and gave up",
                "263 have not knocked once", "Reload those clients",
            ] {
                #expect(Self.told(text, part), "\(part) at \(size.columns)")
            }
        }
        let wide = Self.frame(observatory, Size(columns: 120, rows: 35)).text
        for part in ["neffos.js took its answer, a 502 too, for a server that is back", "return 444", "answered, never in"] {
            #expect(Self.told(wide, part), "\(part)")
        }
        // The orphan probes, by address.
        let probes = Self.frame(observatory, Size(columns: 120, rows: 35), .character("p")).text
        #expect(probes.contains("13 of 37 not in"))
        #expect(probes.contains("10.0.4.6 "))
    }

    @Test func `A herd is told with its peak, its steps and what would spread it`() throws {
        let observatory = try Self.play(.herd)
        let incident = try #require(observatory.incidents.first)
        #expect(incident.missing == 0)
        #expect(incident.cause == .network)
        for size in GoldenScreenTests.sizes {
            let text = Self.frame(observatory, size).text
            for part in [
                "800 clients were cut off at once while the server stayed up", "All are back", "as a herd", "in 2 steps of 2 s",
                "jitter in the clients, or limits.admitPerSecond",
            ] {
                #expect(Self.told(text, part), "\(part) at \(size.columns)")
            }
        }
    }

    @Test func `Lints that belong to an incident stand with it, each with how many it is about`() throws {
        for lint in IncidentLints.related { #expect(LintCatalogue.lint(lint) != nil, "\(lint)") }
        let observatory = try Self.play(.herd)
        let incident = try #require(observatory.incidents.first)
        func row(_ lint: String, _ subject: String, _ since: Int) -> LintRow {
            LintRow(lint: lint, subject: subject, detail: "", remedy: "", since: incident.openedAt + since, last: incident.openedAt + since)
        }
        let rows = [
            row("herd", "1", 2_000), row("orphan-probe", "a", 1_000), row("orphan-probe", "b", 3_000), row("loop-lag", "1", 1_000),
            row("flapping", "c", -60_000), row("flapping", "d", 600_000),
        ]
        let found = IncidentLints.of(incident, among: rows)
        #expect(found.map(\.lint) == ["herd", "orphan-probe"])
        #expect(found.map(\.count) == [1, 2])
    }

    /// Whether the words stand one after the other in one column of the screen, over as many lines as that takes.
    private static func told(_ screen: String, _ words: String) -> Bool {
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func flat(_ column: (String) -> Substring) -> String {
            lines.map { column($0) }.joined(separator: " ").split(separator: " ").joined(separator: " ")
        }
        let whole = flat { $0[...] }
        let right = flat { line in line.lastIndex { "│├┤┼".contains($0) }.map { line[line.index(after: $0)...] } ?? line[...] }
        return whole.contains(words) || right.contains(words)
    }
}
