import Foundation

/// What tells one state of a file from another.
struct FileMark: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    /// Only compared, so as bytes: which module its fields belong to depends on how the whole is compiled.
    private let modified: [UInt8]

    /// nil where there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = withUnsafeBytes(of: status.st_mtim) { Array($0) }
    }
}

/// Tells when files have changed and come to rest: one that was just written may be half of what it will be. Pure: what the files look like is
/// passed in.
struct SettledFiles {
    /// What was taken over last.
    private var taken: [FileMark?]
    private var last: [FileMark?]
    /// Whether the files were the same at the last two looks.
    private(set) var areAtRest = true

    init(_ marks: [FileMark?]) {
        taken = marks
        last = marks
    }

    /// - Returns: Whether the files are other ones than those taken over, and the same as at the last look.
    mutating func look(_ marks: [FileMark?]) -> Bool {
        areAtRest = marks == last
        last = marks
        guard areAtRest, marks != taken else { return false }
        taken = marks
        return true
    }

    /// They are taken over as they are now, by whoever did not wait for that.
    mutating func take(_ marks: [FileMark?]) {
        taken = marks
        last = marks
    }
}
