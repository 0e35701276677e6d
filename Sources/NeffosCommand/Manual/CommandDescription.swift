import ArgumentParser
import Foundation

/// What the argument parser knows of a command: the source of each `--help`, of the completions, and so of the manual page too.
struct CommandDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// As it is typed.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        /// `flag`, `option` or `positional`.
        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var allValues: [String]?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [CommandDescription]?
    var shouldDisplay: Bool?

    /// - Throws: what is wrong with the parser's own description, which is a fault of ours.
    static func of(_ command: (some ParsableCommand).Type) throws -> CommandDescription {
        return try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8)).command
    }

    private struct Dump: Decodable { var command: CommandDescription }

    /// Those that a user is told of, without the one that only shows help.
    var shownSubcommands: [CommandDescription] { (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" } }

    var shownArguments: [Argument] {
        (arguments ?? []).filter { $0.shouldDisplay && $0.names?.contains { $0.name == "help" || $0.name == "version" } != true }
    }
}
