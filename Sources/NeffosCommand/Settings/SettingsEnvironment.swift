import NeffosObservatory

/// The variables of the environment that start with `NEFFOS_`, checked.
enum SettingsEnvironment {
    static let prefix = "NEFFOS_"

    /// The variables that set something: those with a value.
    ///
    /// - Throws: ``SettingsFailure`` with a line for each variable that is no key or whose value cannot be one.
    static func check(_ environment: [String: String]) throws(SettingsFailure) -> [String: String] {
        var taken: [String: String] = [:]
        var errors: [String] = []
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(prefix) {
            guard let key = SettingsSchema.keys.first(where: { $0.environmentName == name }) else {
                errors.append("environment: \(problem(with: name))")
                continue
            }
            if value.isEmpty { continue }
            do {
                try key.check(value)
                taken[name] = value
            } catch {
                errors.append("environment: \(name): \(error.problem); \(error.advice)")
            }
        }
        guard errors.isEmpty else { throw SettingsFailure(lines: errors) }
        return taken
    }

    private static func problem(with name: String) -> String {
        let later = SettingsSchema.later.map { SettingsKey.environmentName(of: $0.split(separator: ".").map(String.init)) }
        if later.contains(where: { name == $0 || name.hasPrefix($0 + "_") }) {
            return "the variable \(name) is not available in this version; unset it"
        }
        let names = SettingsSchema.keys.filter { !$0.isTable }.map(\.environmentName)
        guard let nearest = NearestName.of(name, among: names) else {
            return "unknown variable \(name); unset it, or use a key's path like \(names[0])"
        }
        return "unknown variable \(name); did you mean \(nearest)?"
    }
}
