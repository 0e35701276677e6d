#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the system says of a file. Two that are equal are of the same file in the same state.
///
/// Here and nowhere else: which module the fields of `stat` belong to depends on what else a module imports.
package struct FileStatus: Equatable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    /// In bytes.
    package let size: Int64
    package let owner: UInt32
    private let mode: UInt32
    /// When its contents changed last, only to be compared.
    private let modified: [UInt8]

    /// - Parameter followsLink: whether of a link that what it leads to is meant.
    /// - Returns: nil where there is no such file, or it cannot be looked at; `errno` says why.
    package init?(_ path: String, followsLink: Bool = true) {
        var status = stat()
        guard (followsLink ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(status)
    }

    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        owner = UInt32(status.st_uid)
        mode = UInt32(status.st_mode)
        modified = withUnsafeBytes(of: status.st_mtim) { Array($0) }
    }

    package var isFile: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
    package var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    package var isSocket: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFSOCK) }
    /// Whether anybody but its owner may do anything with it.
    package var isOpenToOthers: Bool { mode & 0o077 != 0 }
}
