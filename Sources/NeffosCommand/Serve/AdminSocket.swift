import Foundation

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
        try make(folder, user: user)
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

    /// Makes the folder with mode 0700, or checks that the one there is ours, no link, and closed to others: in a folder that all may write to,
    /// somebody else could have made it first.
    private static func make(_ folder: String, user: uid_t) throws(CommandFailure) {
        let advice = "choose another place with --admin ADDRESS, or none"
        if mkdir(folder, 0o700) == 0 { return }
        guard errno == EEXIST else {
            throw CommandFailure(
                .unavailable, "\(folder): cannot make the folder for the admin socket: \(SystemProblem.text(of: errno)); \(advice)")
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user else {
            throw CommandFailure(.unavailable, "\(folder): the folder for the admin socket is not ours; \(advice)")
        }
        if status.st_mode & 0o077 != 0, chmod(folder, 0o700) != 0 {
            throw CommandFailure(.unavailable, "\(folder): the folder for the admin socket is open to others; chmod 700 it, or \(advice)")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
