import Foundation
import Neffos

/// Where a server's admin socket is when nobody says another place, and where `attach` looks for those of this machine.
enum AdminSocket {
    /// `$XDG_RUNTIME_DIR/neffos`, else `neffos-UID` in the temporary folder.
    static func folder(environment: [String: String], user: uid_t = getuid()) -> String {
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/"), isFolder(runtime) { return runtime + "/neffos" }
        var temporary = environment["TMPDIR"] ?? "/tmp"
        if !temporary.hasPrefix("/") { temporary = "/tmp" }
        while temporary.count > 1, temporary.hasSuffix("/") { temporary.removeLast() }
        return "\(temporary)/neffos-\(user)"
    }

    /// - Throws: ``CommandFailure`` where the folder cannot be made or is not ours alone.
    static func path(port: Int, environment: [String: String], user: uid_t = getuid()) throws(CommandFailure) -> String {
        let folder = folder(environment: environment, user: user)
        try OwnFolder.make(folder, for: "the admin socket", user: user, advice: "choose another place with --admin ADDRESS, or none")
        return "\(folder)/\(port).sock"
    }

    /// The sockets in the usual folder, by name. Whether anybody answers at them is another question.
    static func all(environment: [String: String]) -> [String] {
        let folder = folder(environment: environment)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".sock") }.sorted { left, right in
            left.utf8.count != right.utf8.count ? left.utf8.count < right.utf8.count : left < right
        }.map { "\(folder)/\($0)" }
    }

    private static func isFolder(_ path: String) -> Bool { FileStatus(path)?.isFolder == true }
}
