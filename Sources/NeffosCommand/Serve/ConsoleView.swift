import ArgumentParser
import NeffosConsole

/// The view that a console starts in, and how it looks: the same for all commands that show one.
struct ConsoleView: ParsableArguments {
    @Option(
        help: ArgumentHelp("The screen that the console starts with: \(ConsoleStart.screens.joined(separator: ", ")).", valueName: "name"),
        completion: .list(ConsoleStart.screens))
    var screen: String?
    @Option(
        help: ArgumentHelp("The column that connections are sorted by, like age or queue:desc.", valueName: "column[:desc]"),
        completion: .list(ConsoleStart.columns))
    var sort: String?
    @Option(help: "What the console's colors are to stand on (default: either).")
    var theme: Background?

    enum Background: String, ExpressibleByArgument, CaseIterable { case dark, light }

    func validate() throws {
        do throws(ConsoleStartError) { _ = try ConsoleStart(screen: screen, sort: sort) } catch {
            throw ValidationError(error.description)
        }
    }

    /// - Parameter filter: one that was read before.
    func apply(to options: inout ConsoleOptions, filter: String?) {
        options.background = theme.flatMap { ConsoleOptions.Background(rawValue: $0.rawValue) }
        if let start = try? ConsoleStart(screen: screen, sort: sort, filter: filter) { options.start = start }
    }
}
