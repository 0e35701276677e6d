import NeffosObservatory

/// What `neffos serve` was asked to do beside serving, read and checked before anything starts.
struct ServePlan: Sendable {
    var filter: Query?
    var until: Expectation?
    var expectations: [Expectation] = []
    var drills: [DrillPlan] = []

    /// - Throws: ``ValueError`` that names the option and points at the place.
    init(_ options: ServeCommand) throws(ValueError) {
        if let text = options.filter { filter = try Self.read("--filter", text) { text throws(QueryError) in try Query(parsing: text) } }
        if let text = options.until { until = try Self.expectation("--until", text) }
        for text in options.expect { expectations.append(try Self.expectation("--expect", text)) }
        for text in options.drill {
            do throws(ValueError) { drills.append(try DrillPlan(parsing: text)) } catch {
                throw ValueError("--drill '\(text)': \(error.problem)", advice: error.advice)
            }
        }
        for (option, ids) in [("--warn", options.warn), ("--allow", options.allow)] {
            for id in ids where LintCatalogue.lint(id) == nil {
                let advice = NearestName.advice(for: id, among: LintCatalogue.all.map(\.id))
                throw ValueError("\(option): there is no lint \"\(id)\"", advice: advice)
            }
        }
    }

    private static func expectation(_ option: String, _ text: String) throws(ValueError) -> Expectation {
        try read(option, text) { text throws(QueryError) in try Expectation(parsing: text) }
    }

    private static func read<Value>(_ option: String, _ text: String, _ parse: (String) throws(QueryError) -> Value) throws(ValueError)
        -> Value
    {
        do throws(QueryError) { return try parse(text) } catch {
            throw ValueError("\(option) '\(text)': \(error.problem) at character \(error.position + 1)", advice: error.advice)
        }
    }
}

extension LintSettings {
    /// The command line wins over the configuration.
    mutating func override(warn: [String], allow: [String]) {
        self.allow.subtract(warn)
        self.warn.formUnion(warn)
        self.warn.subtract(allow)
        self.allow.formUnion(allow)
    }
}
