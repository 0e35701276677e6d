import Foundation
import Testing

/// Keeps the tables of the documentation honest: no row without a test that exists, or a reason.
@Suite struct CompatibilityTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }

    /// The cells of the rows below each table's head.
    private static func rows(of text: String) -> [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("|") && !$0.hasPrefix("|---") && !$0.contains("| Ours |") }.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The sources of the suites, by the suites' names.
    private static func suites() throws -> [Substring: String] {
        var suites: [Substring: String] = [:]
        let paths = FileManager.default.enumerator(atPath: root.appending(path: "Tests").path)?.compactMap { $0 as? String } ?? []
        for path in paths where path.hasSuffix("Tests.swift") {
            let source = try text("Tests/" + path)
            for suite in source.matches(of: /struct (\w+Tests)\b/) { suites[suite.1, default: ""] += source }
        }
        return suites
    }

    @Test func `Each row of the table of calls names a test that exists, or says why there is none`() throws {
        let rows = Self.rows(of: try Self.text("Sources/Neffos/Documentation.docc/Compatibility.md"))
        let suites = try Self.suites()
        #expect(rows.count > 200)
        for row in rows {
            guard row.count == 3, row.allSatisfy({ !$0.isEmpty }) else {
                Issue.record("a row has not three cells: \(row)")
                continue
            }
            guard let cited = row[2].wholeMatch(of: /(\w+Tests): (.+)/) else {
                #expect(row[1] == "none", "a call of ours without a test: \(row)")
                continue
            }
            #expect(row[1] != "none", "a test of nothing: \(row)")
            let source = suites[cited.1] ?? ""
            #expect(source.contains("func `\(cited.2)`") || source.contains("func \(cited.2)("), "no such test: \(row[2])")
        }
    }
}
