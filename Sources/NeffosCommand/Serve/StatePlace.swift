import Foundation

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
        try make(folder, user: user)
        return "\(folder)/\(port).roster"
    }

    /// Makes the folder with mode 0700, or checks that the one there is ours, no link, and closed to others: in a folder that all may write to,
    /// somebody else could have made it first.
    static func make(_ folder: String, user: uid_t) throws(CommandFailure) {
        if mkdir(folder, 0o700) == 0 { return }
        let code = errno
        guard code == EEXIST else {
            throw CommandFailure(
                .unavailable,
                "\(folder): cannot make the folder for the roster: \(SystemProblem.text(of: code)); choose --state FILE or none")
        }
        var status = stat()
        guard lstat(folder, &status) == 0 else {
            let reason = SystemProblem.text(of: errno)
            throw CommandFailure(.unavailable, "\(folder): cannot use the folder for the roster: \(reason); choose --state FILE or none")
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user else {
            throw CommandFailure(
                .unavailable, "\(folder): the folder for the roster is not ours; remove it, or choose --state FILE or none")
        }
        if status.st_mode & 0o077 != 0, chmod(folder, 0o700) != 0 {
            throw CommandFailure(
                .unavailable, "\(folder): the folder for the roster is open to others; chmod 700 it, or choose --state FILE or none")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
