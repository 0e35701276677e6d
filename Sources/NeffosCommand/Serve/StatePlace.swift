import Foundation
import Neffos

/// Where the roster is kept: a file that was named, or one by the port in a folder that only its owner can enter.
enum StatePlace {
    /// - Parameters:
    ///   - option: `--state`: a file, `none`, or nil for the usual place.
    ///   - port: The port that was asked for; the usual place has none for port 0, which is another each time.
    /// - Returns: The file, whose folder exists; nil for none.
    /// - Throws: ``CommandFailure`` where the folder cannot be made or is not ours alone.
    static func file(option: String?, port: Int, environment: [String: String], user: uid_t = getuid()) throws(CommandFailure) -> String? {
        if option == "none" { return nil }
        if let option { return option }
        guard port != 0 else { return nil }
        let folder: String
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/"), isFolder(runtime) {
            folder = runtime + "/neffos"
        } else {
            var temporary = environment["TMPDIR"] ?? "/tmp"
            if !temporary.hasPrefix("/") { temporary = "/tmp" }
            while temporary.count > 1, temporary.hasSuffix("/") { temporary.removeLast() }
            folder = "\(temporary)/neffos-\(user)"
        }
        try OwnFolder.make(folder, for: "the roster", user: user, advice: "choose --state FILE or none")
        return "\(folder)/\(port).roster"
    }

    private static func isFolder(_ path: String) -> Bool { FileStatus(path)?.isFolder == true }
}
