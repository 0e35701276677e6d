import ArgumentParser
import Foundation
import NeffosObservatory

/// `neffos attach`: the console over a running server's feed.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Show the console of a server that runs elsewhere.",
        discussion: """
            Without an address it finds the server of this user on this machine. An address is the path of an admin socket, the port of a server on \
            this machine, or ws://HOST:PORT or wss://HOST:PORT of an admin address that listens on TCP. The console outlives the server: it knocks \
            until the server is back, and says what it missed.

            Without a terminal, or with --headless, it prints events: text, or with --feed - the lines of the feed.

              neffos attach 8080 --headless --feed - --filter 'event:connection.closed'
            """)

    @Argument(help: "The admin address of a server (default: the one on this machine).")
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
        guard address.count <= 1 else {
            throw ValidationError("\(address.count) addresses: this version shows one server at a time; name one")
        }
        guard (1...30).contains(fps) else { throw ValidationError("--fps: \(fps) is out of range; write 1 to 30") }
        if let duration, duration.milliseconds == 0 { throw ValidationError("--duration: \"0s\" is too short; write at least 1ms") }
        for (option, value) in [("--feed", feed), ("--record", record)] where value?.isEmpty == true {
            throw ValidationError("\(option): the file has no name; write one")
        }
        if let feed, feed == record { throw ValidationError("--record: \(feed) is the file of --feed too; choose another") }
        do { _ = try query } catch { throw ValidationError("\(error)") }
        if let address = address.first {
            do { _ = try AttachTarget(parsing: address, environment: [:]) } catch { throw ValidationError("\(error)") }
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let target: AttachTarget
        if let address = address.first {
            target = try AttachTarget(parsing: address, environment: environment)
        } else {
            target = try AttachTarget.local(environment: environment)
        }
        try await AttachRun(options: self, target: target, token: try access.token(environment: environment), environment: environment)
            .run()
    }
}
