import Foundation
import Logging
import NeffosFeed
import Testing

@testable import NeffosCommand

@Suite struct LogRecordTests {
    private func record(_ message: String = "came in", _ metadata: [(String, String)] = [], error: String? = nil) -> LogRecord {
        LogRecord(
            time: FeedTime(milliseconds: 0), level: .warning, logger: "neffos", message: message, error: error,
            metadata: metadata.map { (key: $0.0, value: $0.1) })
    }

    @Test func `as text it is one line, with values in quotes that would else be taken for several`() {
        #expect(record().line == "1970-01-01T00:00:00.000Z warning came in")
        let values = [("plain", "10.0.0.1:80"), ("blank", "a b"), ("empty", ""), ("quoted", "say \"hi\" \\ by"), ("sign", "a=b")]
        #expect(
            record("m", values, error: "no").line
                == "1970-01-01T00:00:00.000Z warning m: no plain=10.0.0.1:80 blank=\"a b\" empty=\"\" quoted=\"say \\\"hi\\\" \\\\ by\" sign=\"a=b\""
        )
    }

    @Test func `as JSON it is one object, whatever a peer has named`() throws {
        let hostile = "\u{1B}[2J\"\\\n\r\u{0}\u{7F}\u{9B}\u{2028}\u{202E}é👩‍👩‍👧\u{E0001}"
        let line = record(hostile, [(hostile, hostile), ("b", "2")], error: hostile).json
        #expect(
            line.unicodeScalars.allSatisfy { scalar in
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            })
        let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["time"] as? String == "1970-01-01T00:00:00.000Z")
        #expect(object["level"] as? String == "warning")
        #expect(object["logger"] as? String == "neffos")
        #expect(object["message"] as? String == hostile)
        #expect(object["error"] as? String == hostile)
        #expect(object["metadata"] as? [String: String] == [hostile: hostile, "b": "2"])
    }

    @Test func `what is not there is left out of the JSON`() {
        #expect(
            record().json
                == "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"warning\",\"logger\":\"neffos\",\"message\":\"came in\"}")
    }
}
