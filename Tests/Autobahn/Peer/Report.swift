import Foundation

/// Autobahn's own verdict on each case, from the `index.json` of a report.
struct Report {
    private struct Verdict: Decodable {
        /// `OK`, `NON-STRICT`, `INFORMATIONAL`, `FAILED`, `UNIMPLEMENTED`, `UNCLEAN`, ….
        let behavior: String
        /// The same for how the connection was closed.
        let behaviorClose: String
    }

    private let title: String
    private let verdicts: [(id: String, verdict: Verdict)]

    /// Sections 1 to 7, 9 and 10 have as many cases. Fewer: the suite has stopped on its way.
    private static let cases = 301

    init(title: String, file: String) throws {
        self.title = title
        guard let data = FileManager.default.contents(atPath: file) else { throw Failure("\(title): Autobahn left no report \(file)") }
        let agents = try JSONDecoder().decode([String: [String: Verdict]].self, from: data)
        guard agents.count == 1, let verdicts = agents.first?.value else { throw Failure("\(title): \(file) is not about one agent") }
        self.verdicts = verdicts.map { (id: $0.key, verdict: $0.value) }.sorted {
            $0.id.compare($1.id, options: .numeric) == .orderedAscending
        }
    }

    /// Prints how many cases ended in which way, and each that is not plainly OK.
    ///
    /// - Throws: where a case failed, or there are too few.
    func check() throws {
        print(
            "\(title): \(verdicts.count) cases, \(Self.tally(verdicts.map(\.verdict.behavior))); closed \(Self.tally(verdicts.map(\.verdict.behaviorClose)))"
        )
        for (id, verdict) in verdicts where verdict.behavior != "OK" || verdict.behaviorClose != "OK" {
            print("  \(id) \(verdict.behavior), closed \(verdict.behaviorClose)")
        }
        let failed = verdicts.filter { !Self.isWell($0.verdict) }.map(\.id)
        guard failed.isEmpty else { throw Failure("\(title): \(failed.count) failed: \(failed.joined(separator: " "))") }
        guard verdicts.count == Self.cases else { throw Failure("\(title): \(verdicts.count) of \(Self.cases) cases were run") }
    }

    private static func isWell(_ verdict: Verdict) -> Bool {
        ["OK", "NON-STRICT", "INFORMATIONAL"].contains(verdict.behavior) && ["OK", "INFORMATIONAL"].contains(verdict.behaviorClose)
    }

    private static func tally(_ words: [String]) -> String {
        Dictionary(grouping: words, by: { $0 }).sorted { $0.value.count > $1.value.count }.map { "\($0.value.count) \($0.key)" }
            .joined(separator: ", ")
    }
}
