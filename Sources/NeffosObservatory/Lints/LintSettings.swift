/// Which lints are raised, and from where on: the `lints` section of the configuration, and `--warn` and `--allow`.
public struct LintSettings: Sendable, Hashable {
    /// Ids of lints that are raised though they are off by default.
    public var warn: Set<String>
    /// Ids of lints that are not raised; this wins.
    public var allow: Set<String>
    /// What was set, by lint id and name.
    private var values: [String: [String: Int]] = [:]

    public init(warn: Set<String> = [], allow: Set<String> = []) {
        self.warn = warn
        self.allow = allow
    }

    public func isOn(_ lint: String) -> Bool {
        guard !allow.contains(lint), let description = LintCatalogue.lint(lint) else { return false }
        return description.isOnByDefault || warn.contains(lint)
    }

    /// A threshold of a lint: what was set, at the nearest end of its range where it is outside of that, or its default. 0 for one that does not
    /// exist.
    public subscript(lint: String, threshold: String) -> Int {
        get {
            if let set = values[lint]?[threshold] { return set }
            return LintCatalogue.lint(lint)?.thresholds.first { $0.name == threshold }?.value ?? 0
        }
        set {
            guard let known = LintCatalogue.lint(lint)?.thresholds.first(where: { $0.name == threshold }) else { return }
            values[lint, default: [:]][threshold] = min(max(newValue, known.range.lowerBound), known.range.upperBound)
        }
    }
}
