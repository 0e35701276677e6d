import NeffosFeed
import NeffosObservatory

/// One `--drill`: `drop=50%,away=3s,at=5s,filter=room:lobby`. What is not said is as in `drop=100%,away=3s,at=5s`; a filter comes last, for it may
/// have commas. In place of a time, `at` may have an expectation: `at=connections>=50` needs no guess of how long fifty clients take to come.
struct DrillPlan: Sendable, Equatable {
    /// When it begins.
    enum Start: Sendable, Equatable {
        /// From when the server listens.
        case after(DurationText)
        /// As soon as it is so.
        case when(Expectation)
    }

    /// As it was written.
    var text: String
    /// Percent of the connections.
    var percent = 100.0
    /// How long the listener is closed.
    var away = DurationText(milliseconds: 3000)
    var at = Start.after(DurationText(milliseconds: 5000))
    var filter: Query?

    private static let names = ["drop", "away", "at", "filter"]

    /// - Throws: ``ValueError`` that names the part which is wrong.
    init(parsing text: String) throws(ValueError) {
        self.text = text
        var rest = text[...]
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && $0 != "," }
            guard rest.dropFirst(name.count).first == "=" else {
                throw ValueError("\"\(name)\" has no value", advice: "write it like drop=50%,away=3s,at=5s")
            }
            rest = rest.dropFirst(name.count + 1)
            let value = name == "filter" ? String(rest) : String(rest.prefix { $0 != "," })
            rest = rest.dropFirst(value.count)
            try set(String(name), value)
            if rest.isEmpty { break }
            rest = rest.dropFirst()
            guard !rest.isEmpty else { throw ValueError("a comma stands at the end", advice: "remove it") }
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(ValueError) {
        switch name {
        case "drop": percent = try Self.percent(value)
        case "away": away = try DurationText(parsing: value)
        case "at": at = try Self.start(value)
        case "filter":
            do throws(QueryError) { filter = try Query(parsing: value) } catch {
                throw ValueError("filter: \(error.problem) at character \(error.position + 1)", advice: error.advice)
            }
        default: throw ValueError("\"\(name)\" is no part of a drill", advice: NearestName.advice(for: name, among: Self.names))
        }
    }

    private static func start(_ value: String) throws(ValueError) -> Start {
        guard value.contains(where: { "<>=!".contains($0) }) else { return .after(try DurationText(parsing: value)) }
        do throws(QueryError) { return .when(try Expectation(parsing: value)) } catch {
            throw ValueError("at: \(error.problem) at character \(error.position + 1)", advice: error.advice)
        }
    }

    private static func percent(_ value: String) throws(ValueError) -> Double {
        let digits = value.hasSuffix("%") ? String(value.dropLast()) : value
        guard let percent = Double(digits), percent > 0, percent <= 100, digits.allSatisfy({ $0.isNumber || $0 == "." }) else {
            throw ValueError("\"\(value)\" is no share", advice: "write more than 0% and at most 100%, like drop=50%")
        }
        return percent
    }

    /// What the server is asked for.
    var command: OperatorCommand {
        let targets: OperatorCommand.Targets = filter.map { .matching($0.text) } ?? .all
        return OperatorCommand(.drill(percent: percent, away: Int(away.milliseconds)), targets: targets, by: "--drill")
    }
}
