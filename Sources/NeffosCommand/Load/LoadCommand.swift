import ArgumentParser

/// `neffos load`: many clients of one kind of work.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Many clients of one kind of work, and what it does to them.",
        discussion: """
            Standard output has the result, as text or JSON; a terminal's standard error shows how far it is. Ctrl-C ends it with the figures so \
            far. Where the clients themselves are what is slow, the result says so.

              neffos load echo ws://127.0.0.1:8080/echo --connections 64
              neffos load storm ws://127.0.0.1:8080/echo --connections 5000 --format json

            Exit codes: 0 all is well; 1 something was lost, came twice or out of order, or did not come back; 64 usage; 69 nothing answers.
            """,
        subcommands: [
            EchoLoadCommand.self, FanoutLoadCommand.self, IdleLoadCommand.self, StormLoadCommand.self, MixedLoadCommand.self,
        ],
        defaultSubcommand: EchoLoadCommand.self)
}
