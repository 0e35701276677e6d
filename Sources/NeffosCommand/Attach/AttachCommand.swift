import ArgumentParser
import Foundation
import NeffosObservatory

/// `neffos attach`: the console over a running server's feed.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Show the console of servers that run elsewhere.",
        discussion: """
            Without an address it finds the servers of this user on this machine. An address is the path of an admin socket, the port of a server on \
            this machine, or ws://HOST:PORT or wss://HOST:PORT of an admin address that listens on TCP. The console outlives the server: it knocks \
            until the server is back, and says what it missed. Of several servers the screen Nodes has a row each; Enter there, or Ctrl-N and \
            Ctrl-P anywhere, choose the one that the other screens show and that actions go to. The token and --ca are for all of them.

            Without a terminal, or with --headless, it prints events: text, or with --feed - the lines of the feed.

              neffos attach 8080 --headless --feed - --filter 'event:connection.closed'
              neffos attach wss://a.example:9000 wss://b.example:9000 --token-file token
            """)

    @Argument(help: "The admin addresses of servers (default: all of yours on this machine).")
    var address: [String] = []
    @OptionGroup var access: AttachAccess
    @Flag(help: "No console.")
    var headless = false
    @Option(
        help: ArgumentHelp(
            "Headless: write the feed, JSON lines, to a file that is started anew, or to standard output with '-'.", valueName: "file|-"))
    var feed: String?
    @Option(help: ArgumentHelp("Record the feed: JSON lines, behind what the file has.", valueName: "file"), completion: .file())
    var record: String?
    @Option(help: ArgumentHelp("Of the events only these, like 'ns:chat' or 'event:connection.closed'.", valueName: "expression"))
    var filter: String?
    @Option(help: ArgumentHelp("Leave after this long, like 30s.", valueName: "duration"), transform: DurationText.init(argument:))
    var duration: DurationText?
    @Option(help: "Colors on the console.")
    var color = ServeCommand.ColorChoice.auto
    @Flag(help: "Only ASCII characters on the console.")
    var ascii = false
    @Flag(help: "Clicks and the wheel on the console; selecting text then needs Shift.")
    var mouse = false
    @OptionGroup var view: ConsoleView
    @Option(help: ArgumentHelp("The most often that the console redraws in a second, 1 to 30.", valueName: "count"))
    var fps = 4

    /// The filter, read.
    var query: Query? {
        get throws(ValueError) {
            guard let filter else { return nil }
            do throws(QueryError) { return try Query(parsing: filter) } catch {
                throw ValueError("--filter: \(error.problem) at character \(error.position + 1)", advice: error.advice)
            }
        }
    }

    func validate() throws {
        guard (1...30).contains(fps) else { throw ValidationError("--fps: \(fps) is out of range; write 1 to 30") }
        if let duration, duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
        for (option, value) in [("--feed", feed), ("--record", record)] where value?.isEmpty == true {
            throw ValidationError("\(option): the file has no name; write one")
        }
        if let feed, feed == record { throw ValidationError("--record: \(feed) is the file of --feed too; choose another") }
        do { _ = try query } catch { throw ValidationError("\(error)") }
        var urls: Set<String> = []
        for address in address {
            let target: AttachTarget
            do { target = try AttachTarget(parsing: address, environment: [:]) } catch { throw ValidationError("\(error)") }
            guard urls.insert(target.url).inserted else { throw ValidationError("\(address): it is named twice; leave one of them") }
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let targets =
            address.isEmpty
            ? try AttachTarget.allLocal(for: "attach", environment: environment)
            : try address.map { try AttachTarget(parsing: $0, environment: environment) }
        if let record, targets.count > 1 {
            throw CommandFailure(
                .usage, "--record: a tape is of one server, and here are \(targets.count); record \(record) from one of them")
        }
        try await AttachRun(options: self, targets: targets, token: try access.token(environment: environment), environment: environment)
            .run()
    }
}
