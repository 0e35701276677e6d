import ArgumentParser
import Foundation

/// What all kinds of load take.
struct LoadOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "Where the server is: ws://HOST:PORT/PATH or wss://.")
    var url: String
    @Option(help: ArgumentHelp("How many clients.", valueName: "count"))
    var connections: Int?
    @Option(help: ArgumentHelp("The namespace that they enter.", valueName: "name"))
    var namespace = "default"
    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header of each upgrade; {n} is the client's number; may be repeated.", valueName: "'name: value'"))
    var headers: [HeaderText] = []
    @Option(help: ArgumentHelp("The origin to send, as a browser's page would.", valueName: "origin"))
    var origin: String?
    @Option(
        name: .customLong("trust"), help: ArgumentHelp("A PEM file of certificates to trust in place of the system's.", valueName: "file"))
    var trusted: [String] = []
    @Option(
        name: .customLong("source"),
        help: ArgumentHelp(
            "A local address to dial from, in turn; may be repeated (default: on loopback as many as the ports need).", valueName: "address"
        ))
    var sources: [String] = []
    @Option(help: ArgumentHelp("How many are opened at the same time.", valueName: "count"))
    var parallel = 64
    @Option(
        help: ArgumentHelp("Spread the opening over this time (default: 0s, as fast as it goes).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var ramp = DurationText(milliseconds: 0)
    @Option(
        help: ArgumentHelp("What a dial, the ack, a namespace or a room may take (default: 20s).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var timeout = DurationText(milliseconds: 20_000)
    @Option(help: ArgumentHelp("Threads of the clients (default: one for each processor).", valueName: "count"))
    var threads: Int?
    @Option(help: ArgumentHelp("The server's process on this machine, for its processor time and memory.", valueName: "pid"))
    var pid: Int32?
    @Option(help: ArgumentHelp("A word to add to the result.", valueName: "text"))
    var label: String?
    @Option(help: "How the result is written to standard output.")
    var format = Format.text
    @Flag(help: "No progress on standard error.")
    var quiet = false

    /// Clients in one process; more need another one.
    static let mostConnections = 1_000_000
    static let mostThreads = 512

    func validate() throws {
        try Self.check(connections, "--connections", 1...Self.mostConnections)
        try Self.check(parallel, "--parallel", 1...100_000)
        try Self.check(threads, "--threads", 1...Self.mostThreads)
        try Self.check(pid.map(Int.init), "--pid", 1...Int(Int32.max))
        if namespace.contains(where: \.isNewline) {
            throw ValidationError("--namespace: a name has no line breaks; write one like default")
        }
        if let pid, ProcessUsage.of(pid) == nil {
            throw ValidationError("--pid: there is no process \(pid) to be looked at; write the server's, or leave it out")
        }
        if timeout.milliseconds == 0 { throw ValidationError("--timeout: \"0s\" is too short; write at least 1ms") }
    }

    static func check(_ value: Int?, _ option: String, _ range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError("\(option): \(value) is out of range; write \(range.lowerBound) to \(range.upperBound)")
    }
}
