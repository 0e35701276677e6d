import Glibc
import NIOCore

/// A listening socket with a name in the file system, which only those can use whom its mode lets.
///
/// These calls block, for as long as a file system does.
struct UnixSocket: Sendable {
    let path: String
    /// Of the socket's file; who may write to it may connect.
    let mode: UInt16

    /// What tells our file from one that took its place.
    struct Mark: Equatable, Sendable {
        fileprivate let device: UInt64
        fileprivate let inode: UInt64
    }

    static let backlog: Int32 = 4096
    /// How long another start in the same folder is waited for.
    private static let lockTries = 100
    private static let lockPause: UInt32 = 10_000

    /// Listens. A file that is there already is taken over only if it is a socket and nobody answers on it.
    ///
    /// - Returns: the socket's descriptor, which is the caller's, and what ``remove(_:)`` needs.
    /// - Throws: ``ListenError``; `IOError`.
    func listen() throws -> (descriptor: Int32, mark: Mark) {
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.last != UInt8(ascii: "/"), !path.utf8.contains(0) else {
            throw ListenError.relativePath(path)
        }
        guard let address = try? SocketAddress(unixDomainSocketPath: path) else { throw ListenError.longPath(path) }
        try makeFolder()
        // Between the look at what is there and our taking its place nobody else does the same.
        let lock = lockFolder()
        defer { if lock >= 0 { close(lock) } }
        try clear(address)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        do {
            // The file gets the mode that the socket has: there is no moment in which it is open to others.
            try check(fchmod(descriptor, mode_t(mode)), "fchmod")
            try check(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }, "bind")
            // What the process' mask took away from it.
            try check(chmod(path, mode_t(mode)), "chmod")
            try check(Glibc.listen(descriptor, Self.backlog), "listen")
            guard let mark = Self.mark(of: path) else { throw IOError(errnoCode: errno, reason: "stat") }
            return (descriptor, mark)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Removes the file, if it is still the one that was made.
    func remove(_ mark: Mark) {
        if Self.mark(of: path) == mark { unlink(path) }
    }

    // MARK: Inside

    private func check(_ result: Int32, _ call: String) throws {
        guard result == 0 else { throw IOError(errnoCode: errno, reason: call) }
    }

    private var folder: String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the folder for us alone. One that is there must be such that nobody else can put a socket of theirs in the place of ours.
    private func makeFolder() throws {
        if mkdir(folder, 0o700) == 0 { return }
        let code = errno
        guard code == EEXIST || code == EROFS || code == EACCES else { throw IOError(errnoCode: code, reason: "mkdir") }
        var status = stat()
        try check(stat(folder, &status), "stat")
        guard status.st_mode & S_IFMT == S_IFDIR else { throw IOError(errnoCode: ENOTDIR, reason: "stat") }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw ListenError.foreignFolder(folder) }
        guard status.st_mode & 0o002 == 0 || status.st_mode & mode_t(S_ISVTX) != 0 else { throw ListenError.openFolder(folder) }
    }

    /// Waits a moment for whoever else starts here. That it could not be had, as in a folder of others, keeps nobody from starting.
    private func lockFolder() -> Int32 {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return -1 }
        for _ in 0..<Self.lockTries {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
            usleep(Self.lockPause)
        }
        return descriptor
    }

    private func clear(_ address: SocketAddress) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw IOError(errnoCode: errno, reason: "stat") }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw ListenError.noSocket(path) }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        defer { close(probe) }
        let answer = address.withSockAddr { connect(probe, $0, socklen_t($1)) }
        // A server that is too busy to be connected to is one.
        guard answer != 0, errno != EAGAIN else { throw ListenError.socketInUse(path) }
        guard errno == ECONNREFUSED || errno == ENOENT else { throw IOError(errnoCode: errno, reason: "connect") }
        guard unlink(path) == 0 || errno == ENOENT else { throw IOError(errnoCode: errno, reason: "unlink") }
    }

    private static func mark(of path: String) -> Mark? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Mark(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
