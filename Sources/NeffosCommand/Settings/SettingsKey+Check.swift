import Neffos
import NeffosObservatory

extension SettingsKey {
    /// Checks a value as it was written in the file, the environment or on the command line.
    ///
    /// - Throws: ``ValueError`` with what is wrong and what to write.
    func check(_ value: String) throws(ValueError) {
        switch kind {
        case .address: _ = try ListenAddress(parsing: value)
        case .urlPath: try checkPath(value)
        case .file: try checkLine(value)
        case .text, .outputFile: try checkLine(value)
        case .token, .keySource: try check(item: value)
        case .adminAddress: _ = try AdminPlace(parsing: value)
        case .header: try checkHeader(value)
        case .choice(let names):
            guard names.contains(value) else {
                throw ValueError("\"\(value)\" is not one of its values", advice: NearestName.advice(for: value, among: names))
            }
        case .duration(let least, let most):
            let length = try DurationText(parsing: value)
            guard length.milliseconds >= least else {
                throw ValueError("\"\(value)\" is too short", advice: "write at least \(DurationText(milliseconds: least).text)")
            }
            guard length.milliseconds <= most else {
                throw ValueError("\"\(value)\" is too long", advice: "write at most \(DurationText(milliseconds: most).text)")
            }
        case .size(let least, let most):
            let size = try ByteCount(parsing: value)
            guard size.bytes >= least else { throw ValueError("\"\(value)\" is too small", advice: "write at least \(least)") }
            guard size.bytes <= most else {
                throw ValueError("\"\(value)\" is too big", advice: "write at most \(ByteCount(bytes: most).text)")
            }
        case .count(let range):
            guard let count = Int(value) else {
                throw ValueError("\"\(value)\" is not a whole number", advice: "write one, like \(example(in: range))")
            }
            guard range.contains(count) else {
                throw ValueError("\(count) is out of range", advice: "write \(range.lowerBound) to \(range.upperBound)")
            }
        case .percent:
            guard let percent = Double(value), percent >= 0, percent <= 100 else {
                throw ValueError("\"\(value)\" is not a percentage", advice: "write a number from 0 to 100")
            }
        case .names, .origins, .parameterHeaders, .addresses, .tokens, .lints: for item in Self.names(in: value) { try check(item: item) }
        case .roomsByNamespace, .relay:
            throw ValueError("it is a table", advice: "write it in the configuration file")
        }
    }

    /// A number that means nothing special, as 0 often does: what is usual, or one that could be.
    private func example(in range: ClosedRange<Int>) -> Int {
        let usual = standard.flatMap { Int($0) } ?? 0
        return usual != 0 ? usual : min(max(100, range.lowerBound), range.upperBound)
    }

    /// Checks one entry of a list.
    ///
    /// - Throws: ``ValueError`` likewise.
    func check(item: String) throws(ValueError) {
        try checkLine(item)
        switch kind {
        case .token, .tokens: return try SecretSource(item).check()
        case .keySource: return try SecretSource(item, plain: SecretSource.file).check()
        case .lints: return try LintKeys.check(id: item)
        default: break
        }
        do throws(ConfigurationError) {
            switch kind {
            case .origins: try ConfigurationCheck.origin(item)
            case .parameterHeaders: try ConfigurationCheck.parameterHeader(item)
            case .addresses: try ConfigurationCheck.trustedProxy(item)
            default: break
            }
        } catch {
            throw ValueError(error.problem, advice: error.advice)
        }
    }

    /// The names of a list as the environment writes it: `one,two`.
    static func names(in value: String) -> [String] {
        value.split(separator: ",").map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    private func checkPath(_ value: String) throws(ValueError) {
        guard value.hasPrefix("/") else { throw ValueError("\"\(value)\" does not start with /", advice: "write a path like /echo") }
        let allowed = value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "?" && $0 != "#" }
        guard allowed else {
            throw ValueError("\"\(value)\" has characters that no path has", advice: "write a path like /echo, without blanks, ? and #")
        }
    }

    private func checkHeader(_ value: String) throws(ValueError) {
        let token = value.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar))
        }
        guard !value.isEmpty, token else {
            throw ValueError("\"\(value)\" is no header name", advice: "write one like X-Username")
        }
    }

    private func checkLine(_ value: String) throws(ValueError) {
        guard !value.isEmpty else { throw ValueError("it is empty", advice: "write a value, or leave the key out") }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ValueError("it has control characters", advice: "write plain text on one line")
        }
    }
}
