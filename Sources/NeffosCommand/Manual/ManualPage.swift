/// The manual page: made from what the argument parser and the configuration's schema say, so that it cannot say anything else.
enum ManualPage {
    /// - Throws: ``CommandFailure`` where the parser's description cannot be read, which is a fault of ours.
    static func text() throws(CommandFailure) -> String {
        do {
            return page(try CommandDescription.of(Neffos.self))
        } catch {
            throw CommandFailure(.software, "the manual page cannot be made: \(error); this is a fault of neffos, please report it")
        }
    }

    static func page(_ command: CommandDescription) -> String {
        var page = Roff(name: command.commandName, section: 1, about: "\(command.commandName) \(CommandVersion.text)")
        page.section("NAME")
        page.paragraph("\(command.commandName) - \((command.abstract ?? "").trimmingPeriod)")
        page.section("SYNOPSIS")
        for subcommand in command.shownSubcommands {
            page.example("\(command.commandName) \(subcommand.commandName)\(arguments(of: subcommand)) [options]")
        }
        page.example("\(command.commandName) --generate-completion-script bash|zsh|fish\n\(command.commandName) --generate-manual")
        page.section("COMMANDS")
        for subcommand in command.shownSubcommands {
            page.subsection("\(command.commandName) \(subcommand.commandName)\(arguments(of: subcommand))")
            if let abstract = subcommand.abstract { page.paragraph(abstract) }
            if let discussion = subcommand.discussion, !discussion.isEmpty { page.paragraph(discussion) }
            for argument in subcommand.shownArguments { add(argument, to: &page) }
        }
        addConfiguration(to: &page)
        addRest(to: &page)
        return page.text
    }

    private static func arguments(of command: CommandDescription) -> String {
        command.shownArguments.filter { $0.kind == "positional" }.map { argument in
            let name = "\(argument.valueName ?? "value")\(argument.isRepeating ? " ..." : "")"
            return argument.isOptional ? " [\(name)]" : " \(name)"
        }.joined()
    }

    private static func add(_ argument: CommandDescription.Argument, to page: inout Roff) {
        var term: [Roff.Word] = []
        for name in argument.names ?? [] {
            if !term.isEmpty { term.append(.plain(", ")) }
            term.append(.bold(name.text))
        }
        if argument.kind != "flag", let value = argument.valueName {
            if !term.isEmpty { term.append(.plain(" ")) }
            term.append(.italic(value))
        }
        var words = argument.abstract ?? ""
        if let values = argument.allValues, !values.isEmpty { words += " One of \(values.joined(separator: ", "))." }
        if let value = argument.defaultValue, !value.isEmpty, argument.kind != "flag" { words += " Default: \(value)." }
        page.entry(term, words)
    }

    private static func addConfiguration(to page: inout Roff) {
        page.section("CONFIGURATION")
        page.paragraph(
            """
            neffos serve --config FILE reads YAML. The command line wins over the environment, which wins over the file, which wins over the \
            defaults. neffos serve --check-config prints what would be used and where it is from. Durations are written 250ms, 5s, 2m, 1h; \
            sizes 512, 64KiB, 1MiB, or decimal 64kB, 1MB. Secrets are file:PATH, env:NAME, or the secret itself, and are never shown. Keys \
            with a * are taken over while the server runs, when the file changes, and without a console on SIGHUP.
            """)
        for key in SettingsSchema.keys {
            var words = key.doc.prefix(1).uppercased() + key.doc.dropFirst() + "."
            if let standard = key.standard, !standard.isEmpty { words += " Default: \(standard)." }
            if !key.isTable { words += " \(key.environmentName)" }
            page.entry([.bold(key.name), .plain(key.isReloadable ? " *" : "")], words)
        }
    }

    private static func addRest(to page: inout Roff) {
        page.section("SIGNALS")
        page.entry(
            [.bold("SIGTERM"), .plain(", "), .bold("SIGINT")],
            "Answer no more probes, send everybody away with 1001 once their outbox is empty or --grace is over, write the summary, leave. A second one leaves at once."
        )
        page.entry(
            [.bold("SIGHUP")],
            "Without a console: open the log's file anew, and read the configuration, tokens and certificates again. With one, the terminal is gone."
        )
        page.section("ENVIRONMENT")
        page.entry([.bold("NEFFOS_"), .italic("KEY")], "Each key of the configuration, by its path in capitals, as named above.")
        page.entry(
            [.bold("NOTIFY_SOCKET"), .plain(", "), .bold("WATCHDOG_USEC"), .plain(", "), .bold("LISTEN_FDS")],
            "From a service manager: where to tell that it is ready, how often it waits for a sign of life, and a socket to serve in place of server.listen."
        )
        page.entry([.bold("NO_COLOR")], "No colors on the console.")
        page.section("EXIT STATUS")
        for (code, meaning) in CommandStatus.meanings { page.entry([.bold("\(code.rawValue)")], meaning) }
    }
}

extension CommandStatus {
    /// What each one means, for the manual and the help.
    static let meanings: [(code: CommandStatus, meaning: String)] = [
        (.success, "all well"), (.unmet, "an expectation failed"), (.usage, "usage"), (.noInput, "no such recorded feed"),
        (.unavailable, "cannot listen or reach, or a write of what was asked for failed"), (.software, "a fault of neffos"),
        (.configuration, "configuration, a file that cannot be opened too"),
    ]
}

extension String {
    fileprivate var trimmingPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
