import ArgumentParser
import Foundation
import NeffosObservatory

/// `neffos drill`: asks a running server for a drill, and follows the return.
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Drop clients of a running server, and see who comes back.",
        discussion: """
            The server cuts a share of its clients, closes its listener for a while, comes back, and measures the return as an incident, which is \
            printed once it is over. Expectations are about that incident, and about what the server has counted since it was asked.

            Addresses are those of neffos attach; without one it is the server on this machine.

              neffos drill 8080 --drop 50% --away 3s --expect 'missing==0' --expect 'p95(restore)<6s'

            Exit codes: 0 all well; 1 the server refused, nobody was dropped, or an expectation failed; 69 cannot reach.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The admin address of the server (default: the one on this machine).")
    var address: String?
    @OptionGroup var access: AttachAccess
    @Option(help: ArgumentHelp("The share of the clients to drop (default: 100%).", valueName: "percent"))
    var drop = "100%"
    @Option(help: ArgumentHelp("How long the listener is closed (default: 3s).", valueName: "duration"))
    var away = "3s"
    @Option(help: ArgumentHelp("Of the clients only these, like 'room:lobby'.", valueName: "expression"))
    var filter: String?
    @Option(
        name: .customLong("expect"),
        help: ArgumentHelp(
            "What has to be at the end, like 'missing==0' or 'p95(restore)<5s'; exit 1 if not (repeatable).", valueName: "expectation"))
    var expect: [String] = []
    @Option(
        help: ArgumentHelp("How long to wait for the end of the incident (default: 2m).", valueName: "duration"),
        transform: DurationText.init(argument:))
    var timeout = DurationText(milliseconds: 120_000)
    @Option(help: ArgumentHelp("How the incident is printed.", valueName: "format"))
    var summary = Output.text

    /// What the server is asked for.
    var plan: DrillPlan {
        get throws(ValueError) {
            try DrillPlan(parsing: "drop=\(drop),away=\(away),at=0s" + (filter.map { ",filter=\($0)" } ?? ""))
        }
    }

    var expectations: [Expectation] {
        get throws(ValueError) {
            var all: [Expectation] = []
            for text in expect {
                do throws(QueryError) { all.append(try Expectation(parsing: text)) } catch {
                    throw ValueError("--expect '\(text)': \(error.problem) at character \(error.position + 1)", advice: error.advice)
                }
            }
            return all
        }
    }

    func validate() throws {
        do {
            _ = try plan
            _ = try expectations
            if let address { _ = try AttachTarget(parsing: address, environment: [:]) }
        } catch { throw ValidationError("\(error)") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let target: AttachTarget
        if let address {
            target = try AttachTarget(parsing: address, environment: environment)
        } else {
            target = try AttachTarget.local(for: "drill", environment: environment)
        }
        try await DrillRun(options: self, target: target, token: try access.token(environment: environment)).run()
    }
}
