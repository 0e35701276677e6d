import ArgumentParser
import NeffosConsole
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct ConsoleViewTests {
    @Test(arguments: [["serve"], ["attach"], ["replay", "tape.jsonl"]])
    func `Every console can be started in a view`(command: [String]) throws {
        let view = ["--screen", "connections", "--sort", "queue:desc", "--theme", "light", "--mouse"]
        let parsed = try Neffos.parseAsRoot(command + view)
        let options: (view: ConsoleView, mouse: Bool)? =
            switch parsed {
            case let command as ServeCommand: (command.view, command.mouse)
            case let command as AttachCommand: (command.view, command.mouse)
            case let command as ReplaySubcommand: (command.view, command.mouse)
            default: nil
            }
        #expect(options?.mouse == true)
        #expect(options?.view.screen == "connections" && options?.view.sort == "queue:desc")
        var console = ConsoleOptions()
        options?.view.apply(to: &console, filter: nil)
        #expect(console.background == .light)
    }

    @Test(arguments: [["--screen", "nowhere"], ["--sort", "weight"], ["--sort", "age:up"], ["--theme", "pink"]])
    func `A view that there is not is refused`(view: [String]) {
        for command in [["serve"], ["attach"], ["replay", "tape.jsonl"]] {
            #expect(throws: (any Error).self) { try Neffos.parseAsRoot(command + view) }
        }
    }
}
