/// Why there is no configuration: one line for each mistake, each with where it is and what to do. Its exit code is 78.
struct SettingsFailure: Error, Equatable {
    var lines: [String]
}
