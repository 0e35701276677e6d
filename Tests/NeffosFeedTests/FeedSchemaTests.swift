import Foundation
import NeffosFeed
import TestSupport
import Testing

@Suite struct FeedSchemaTests {
    private let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Config/feed.schema.json")

    private let schema: JSONSchema

    init() throws { schema = try JSONSchema(file: file.path) }

    private func problems(_ line: String) throws -> [String] { schema.problems(with: try JSONValue(parsing: line.utf8)) }

    @Test func `every kind of event is a line as the schema describes it, with all its fields and without them`() throws {
        let full = allKinds(text: "\u{1B}\"\\\u{0}é👩‍👩‍👧", optional: "there")
        let bare = allKinds(text: "", optional: nil, number: nil)
        for kind in full + bare {
            let line = line(entry(kind))
            #expect(try problems(line).isEmpty, "\(line)")
        }
        #expect(Set(full.map(\.type)) == Set(FeedEventType.allCases))
    }

    @Test func `the schema knows every type, and no other`() throws {
        let text = try JSONValue(parsing: Data(contentsOf: file))
        let types = (text["allOf"]?.array ?? []).flatMap { $0["if"]?["properties"]?["type"]?["enum"]?.names ?? [] }
        #expect(types.count == Set(types).count)
        #expect(Set(types) == Set(FeedEventType.allCases.map(\.rawValue)))
    }

    @Test(arguments: [
        ("\"admitted\"", "\"admited\"", ["/admitted is missing", "/admited is in no part of the schema"]),
        ("\"held\":0", "\"held\":-1", ["/held is less than 0.0"]),
        ("\"held\":0", "\"held\":0.5", ["/held is no integer: number(0.5)"]),
        ("\"admitted\":true", "\"admitted\":1", ["/admitted is no boolean: number(1.0)"]),
        ("\"v\":1", "\"v\":2", ["/v is not number(1.0)"]),
        ("\"type\":\"probe\"", "\"type\":\"prob\"", ["/remote is in no part of the schema", "/userAgent is in no part of the schema"]),
        ("T12:00:00.123Z", " 12:00:00", ["/time is not like"]),
    ])
    func `a field that is misspelt, missing or of another kind is found`(from: String, to: String, expected: [String]) throws {
        let good = line(entry(.probe(.init(remote: "r", userAgent: nil, admitted: true))))
        #expect(good.contains(from))
        let found = try problems(good.split(separator: from, omittingEmptySubsequences: false).joined(separator: to))
        for problem in expected { #expect(found.contains { $0.hasPrefix(problem) }, "\(found)") }
    }

    @Test func `what is wrong deep in a snapshot is found`() throws {
        let good = line(
            entry(.snapshot(.init(connections: [.init(connection: "c", key: nil, remote: "r", tries: 0, namespaces: ["n": ["r"]])]))))
        #expect(try problems(good).isEmpty)
        let rooms = good.split(separator: "[\"r\"]").joined(separator: "[1]")
        #expect(try problems(rooms) == ["/connections/0/namespaces/n/0 is no string: number(1.0)"])
        let name = good.split(separator: "\"tries\"").joined(separator: "\"trys\"")
        #expect(try Set(problems(name)) == ["/connections/0/tries is missing", "/connections/0/trys is in no part of the schema"])
    }
}
