import Foundation
import Neffos
import NeffosWire

/// Reads and writes the bodies of asks. What is read has to be all and nothing but what it says it is: a misspelled field is an error and not
/// silently a default.
enum StrictJSON {
    /// - Throws: `NeffosError` with a sentence for the asker.
    static func decode<Value: Codable>(_ type: Value.Type, from message: Message) throws(NeffosError) -> Value {
        let ask = message.event
        let data = Data(message.body.readableBytesView)
        let value: Value
        do {
            value = try JSONDecoder().decode(type, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw NeffosError("\(ask): the field \(path(context, key)) is missing")
        } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
            throw NeffosError("\(ask): the field \(path(context)) is not of its type")
        } catch DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty {
            throw NeffosError("\(ask): the field \(path(context)) may not be null")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw NeffosError("\(ask): the field \(path(context)) has no value that it may have")
        } catch {
            throw NeffosError("\(ask): the body is no JSON object of this ask")
        }
        // What it was read as, written again, has every field there is.
        guard let given = try? JSONSerialization.jsonObject(with: data), let written = try? JSONEncoder().encode(value),
            let known = try? JSONSerialization.jsonObject(with: written)
        else { throw NeffosError("\(ask): the body is no JSON object of this ask") }
        if let unknown = unknownField(in: given, knowing: known) { throw NeffosError("\(ask): there is no field \(unknown)") }
        return value
    }

    static func encode(_ value: some Encodable) throws(NeffosError) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return ByteBuffer(bytes: try encoder.encode(value)) } catch { throw NeffosError("the answer cannot be written") }
    }

    private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        quoted((context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: "."))
    }

    private static func unknownField(in given: Any, knowing known: Any) -> String? {
        if let given = given as? [String: Any] {
            let known = known as? [String: Any] ?? [:]
            for (name, value) in given.sorted(by: { $0.key < $1.key }) {
                // A null says the same as leaving the field out.
                if value is NSNull { continue }
                guard let own = known[name] else { return quoted(name) }
                if let inner = unknownField(in: value, knowing: own) { return inner }
            }
        } else if let given = given as? [Any], let known = known as? [Any] {
            for (value, own) in zip(given, known) { if let inner = unknownField(in: value, knowing: own) { return inner } }
        }
        return nil
    }

    /// What a client named, cut and without what could disturb a terminal.
    private static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(64).map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : String($0) }.joined()
        return "\"\(shown)\""
    }
}
