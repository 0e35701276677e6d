import NeffosObservatory

/// What a configuration may say of lints: `lints.warn` and `lints.allow` name them, `lints.LINT.NAME` are their thresholds.
enum LintKeys {
    static let ids = LintCatalogue.all.map(\.id)

    /// - Throws: ``ValueError`` with the nearest id.
    static func check(id: String) throws(ValueError) {
        guard ids.contains(id) else { throw ValueError("\"\(id)\" is no lint", advice: NearestName.advice(for: id, among: ids)) }
    }

    /// A key for each threshold of each lint.
    static let thresholds: [(key: SettingsKey, lint: String, threshold: LintDescription.Threshold)] = LintCatalogue.all.flatMap { lint in
        lint.thresholds.map { threshold in
            let key = SettingsKey(
                "lints.\(lint.key).\(threshold.name)", kind(of: threshold), text(threshold.value, threshold.unit),
                "\(lint.title): \(threshold.meaning)")
            return (key, lint.id, threshold)
        }
    }

    /// - Parameter text: As it was written, checked.
    static func value(of text: String, _ unit: LintDescription.Threshold.Unit) throws(ValueError) -> Int {
        switch unit {
        case .count, .percent: Int(text) ?? 0
        case .bytes: try ByteCount(parsing: text).bytes
        case .milliseconds: Int(clamping: try DurationText(parsing: text).milliseconds)
        }
    }

    private static func kind(of threshold: LintDescription.Threshold) -> SettingsKey.Kind {
        let (least, most) = (threshold.range.lowerBound, threshold.range.upperBound)
        return switch threshold.unit {
        case .count, .percent: .count(threshold.range)
        case .bytes: .size(atLeast: least, atMost: most)
        case .milliseconds: .duration(atLeast: Int64(least), atMost: Int64(most))
        }
    }

    private static func text(_ value: Int, _ unit: LintDescription.Threshold.Unit) -> String {
        switch unit {
        case .count, .percent: "\(value)"
        case .bytes: ByteCount(bytes: value).text
        case .milliseconds: DurationText(milliseconds: Int64(value)).text
        }
    }
}
