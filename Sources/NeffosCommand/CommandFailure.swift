/// Why a subcommand ends: the lines it says on standard error, each what, where and what to do, and its exit code.
struct CommandFailure: Error, Equatable {
    var code: CommandStatus
    var lines: [String]

    init(_ code: CommandStatus, _ lines: String...) {
        self.code = code
        self.lines = lines
    }

    init(_ failure: SettingsFailure) {
        code = .configuration
        lines = failure.lines
    }
}
