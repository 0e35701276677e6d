import Foundation

/// What Tests/Autobahn/run needs beside Autobahn itself:
///
///     AutobahnPeer port                    a port that is free now, of the kernel's choice
///     AutobahnPeer client URL              our client, through all the cases of a fuzzing server
///     AutobahnPeer report TITLE FILE       the summary of a report; fails unless all is well
@main enum AutobahnPeer {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("port", 1): print(try await FreePort.find())
            case ("client", 2): try await Conversations(with: arguments[1]).run()
            case ("report", 3): try Report(title: arguments[1], file: arguments[2]).check()
            default: throw Failure("usage: AutobahnPeer port | client URL | report TITLE FILE")
            }
        } catch {
            FileHandle.standardError.write(Data("AutobahnPeer: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// One sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
