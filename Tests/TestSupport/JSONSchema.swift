import Foundation

/// Checks JSON against a schema (draft 2020-12), as far as the keywords go that ours use: others are a mistake of the schema.
///
/// A schema lets pass what it does not name, as readers of a feed should; these tests do not: a property that no part of the schema has a word
/// for is a problem, so that a field which is misspelt in the code or in the schema is found.
package struct JSONSchema: Sendable {
    package struct Unsupported: Error, CustomStringConvertible {
        package var description: String
    }

    private static let known: Set<String> = [
        "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "required", "properties", "additionalProperties",
        "items",
        "minimum", "maximum", "maxItems", "pattern", "allOf", "anyOf", "if", "then",
    ]

    private let root: JSONValue

    package init(file: String) throws {
        root = try JSONValue(parsing: Data(contentsOf: URL(fileURLWithPath: file)))
        try Self.check(root)
    }

    private static func check(_ schema: JSONValue) throws {
        guard let object = schema.object else { throw Unsupported(description: "a schema that is no object: \(schema)") }
        for (name, value) in object {
            guard known.contains(name) else { throw Unsupported(description: "the keyword \(name)") }
            switch name {
            case "properties", "$defs": for inner in (value.object ?? [:]).values { try check(inner) }
            case "items", "additionalProperties", "if", "then": try check(value)
            case "allOf", "anyOf": for inner in value.array ?? [] { try check(inner) }
            default: break
            }
        }
    }

    /// What is wrong with a value; nothing, where it is as it should be.
    package func problems(with value: JSONValue) -> [String] {
        var seen = Seen()
        examine(value, root, at: "", &seen)
        return seen.problems + unnamed(value, at: "", seen)
    }

    private struct Seen {
        var problems: [String] = []
        /// Paths that some part of the schema has a word for.
        var named: Set<String> = [""]
    }

    private func examine(_ value: JSONValue, _ schema: JSONValue, at path: String, _ seen: inout Seen) {
        func report(_ problem: String) { seen.problems.append("\(path.isEmpty ? "the line" : path) \(problem)") }
        if let name = schema["$ref"]?.string {
            guard let target = root["$defs"]?[String(name.dropFirst("#/$defs/".count))] else {
                return report("is of \(name), which is not there")
            }
            examine(value, target, at: path, &seen)
        }
        if let type = schema["type"] {
            let types = type.string.map { [$0] } ?? type.names
            guard types.contains(where: { Self.is(value, $0) }) else { return report("is no \(types.joined(separator: " or ")): \(value)") }
        }
        if let expected = schema["const"], value != expected { report("is not \(expected)") }
        if let choices = schema["enum"]?.array, !choices.contains(value) { report("is none of its values: \(value)") }
        if let number = value.number {
            if let least = schema["minimum"]?.number, number < least { report("is less than \(least)") }
            if let most = schema["maximum"]?.number, number > most { report("is more than \(most)") }
        }
        if let text = value.string, let pattern = schema["pattern"]?.string, text.range(of: pattern, options: .regularExpression) == nil {
            report("is not like \(pattern): \(text)")
        }
        if let array = value.array {
            if let most = schema["maxItems"]?.number, Double(array.count) > most { report("has more than \(most) entries") }
            if let items = schema["items"] {
                for (index, item) in array.enumerated() {
                    seen.named.insert("\(path)/\(index)")
                    examine(item, items, at: "\(path)/\(index)", &seen)
                }
            }
        }
        if let object = value.object { examine(object, schema, at: path, &seen) }
        for part in schema["allOf"]?.array ?? [] { examine(value, part, at: path, &seen) }
        if let parts = schema["anyOf"]?.array {
            let outcomes = parts.map { part in
                var outcome = Seen()
                examine(value, part, at: path, &outcome)
                return outcome
            }
            if let good = outcomes.first(where: \.problems.isEmpty) {
                seen.named.formUnion(good.named)
            } else {
                report("is none of what it may be")
            }
        }
        if let condition = schema["if"], let then = schema["then"] {
            var outcome = Seen()
            examine(value, condition, at: path, &outcome)
            if outcome.problems.isEmpty { examine(value, then, at: path, &seen) }
        }
    }

    private func examine(_ object: [String: JSONValue], _ schema: JSONValue, at path: String, _ seen: inout Seen) {
        for name in schema["required"]?.names ?? [] where object[name] == nil { seen.problems.append("\(path)/\(name) is missing") }
        for (name, value) in object {
            let inner = "\(path)/\(name)"
            if let property = schema["properties"]?[name] {
                seen.named.insert(inner)
                examine(value, property, at: inner, &seen)
            } else if let others = schema["additionalProperties"] {
                seen.named.insert(inner)
                examine(value, others, at: inner, &seen)
            }
        }
    }

    private func unnamed(_ value: JSONValue, at path: String, _ seen: Seen) -> [String] {
        guard seen.named.contains(path) else { return ["\(path) is in no part of the schema"] }
        switch value {
        case .object(let object): return object.flatMap { unnamed($0.value, at: "\(path)/\($0.key)", seen) }
        case .array(let array): return array.enumerated().flatMap { unnamed($0.element, at: "\(path)/\($0.offset)", seen) }
        default: return []
        }
    }

    private static func `is`(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
