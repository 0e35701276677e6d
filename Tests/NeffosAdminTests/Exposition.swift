/// Reads a text of metrics as strictly as its format says, and throws at the first line that breaks a rule.
struct Exposition {
    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var samples = 0
    private(set) var values: [String: Double] = [:]

    init(_ text: String, isOpenMetrics: Bool) throws {
        guard text.hasSuffix("\n") else { throw Broken(description: "no line feed at the end") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeLast()
        if isOpenMetrics {
            guard lines.popLast() == "# EOF" else { throw Broken(description: "no # EOF at the end") }
        }
        guard !lines.contains("") else { throw Broken(description: "an empty line") }
        var family = ""
        var type = ""
        var unit: String?
        var families: Set<String> = []
        var bucket = (-Double.infinity, 0.0, "")
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if words.first == "#" {
                guard words.count >= 4 else { throw Broken(description: line) }
                switch words[1] {
                case "HELP":
                    family = words[2]
                    unit = nil
                    bucket = (-.infinity, 0, "")
                    guard families.insert(family).inserted, words[3].hasSuffix(".") else { throw Broken(description: line) }
                case "TYPE":
                    type = words[3]
                    guard words[2] == family, ["counter", "gauge", "histogram", "info"].contains(type) else {
                        throw Broken(description: line)
                    }
                    if isOpenMetrics, family.hasSuffix("_total") || family.hasSuffix("_info") { throw Broken(description: line) }
                    if !isOpenMetrics, type == "counter", !family.hasSuffix("_total") { throw Broken(description: line) }
                case "UNIT":
                    unit = words[3]
                    guard isOpenMetrics, words[2] == family, family.hasSuffix("_\(words[3])") else { throw Broken(description: line) }
                default: throw Broken(description: line)
                }
                continue
            }
            let (name, labels, value) = try Self.sample(line)
            let suffix = name.hasPrefix(family) ? String(name.dropFirst(family.count)) : "?"
            let allowed: [String] =
                switch type {
                case "counter": [isOpenMetrics ? "_total" : ""]
                case "histogram": ["_bucket", "_sum", "_count"]
                case "info": ["_info"]
                default: [""]
                }
            guard allowed.contains(suffix) else { throw Broken(description: "\(line): not a sample of \(type) \(family)") }
            if isOpenMetrics, unit == nil, family.hasSuffix("_seconds") || family.hasSuffix("_bytes") { throw Broken(description: line) }
            if type == "counter" || type == "histogram", value < 0 || value.isNaN { throw Broken(description: line) }
            if suffix == "_bucket" {
                let bound = labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) } ?? -.infinity
                guard bound > bucket.0, value >= bucket.1 else { throw Broken(description: line) }
                bucket = (bound, value, labels["le"] ?? "")
            }
            if suffix == "_count" { guard bucket.0 == .infinity, bucket.1 == value else { throw Broken(description: line) } }
            let key = name + labels.sorted { $0.key < $1.key }.map { "{\($0.key)=\($0.value)}" }.joined()
            guard values.updateValue(value, forKey: key) == nil else { throw Broken(description: "\(line): twice") }
            samples += 1
        }
    }

    private static func sample(_ line: String) throws -> (name: String, labels: [String: String], value: Double) {
        var rest = Substring(line)
        func isName(_ text: some StringProtocol) -> Bool {
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && text.first?.isNumber != true
        }
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.count)
        guard isName(name) else { throw Broken(description: line) }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                let label = String(rest.prefix { $0 != "=" })
                rest = rest.dropFirst(label.count)
                guard isName(label), rest.hasPrefix("=\"") else { throw Broken(description: line) }
                rest = rest.dropFirst(2)
                var value = ""
                while let next = rest.popFirst(), next != "\"" {
                    guard next == "\\" else {
                        value.append(next)
                        continue
                    }
                    switch rest.popFirst() {
                    case "\\": value.append("\\")
                    case "n": value.append("\n")
                    case "\"": value.append("\"")
                    default: throw Broken(description: line)
                    }
                }
                guard labels.updateValue(value, forKey: label) == nil else { throw Broken(description: line) }
                if rest.first == "," { rest.removeFirst() } else if rest.first != "}" { throw Broken(description: line) }
            }
            rest.removeFirst()
        }
        guard rest.first == " ", let value = rest == " +Inf" ? Double.infinity : Double(rest.dropFirst()) else {
            throw Broken(description: line)
        }
        return (name, labels, value)
    }
}
