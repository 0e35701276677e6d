import Foundation
import Neffos

/// A folder of mode 0700 that is ours.
enum OwnFolder {
    /// Makes it, or checks that the one there is ours, no link, and closed to others: in a folder that all may write to, somebody else could
    /// have made it first.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, like `the roster`.
    ///   - advice: what else can be done, like `choose --state FILE or none`.
    static func make(_ folder: String, for purpose: String, user: UInt32, advice: String) throws(CommandFailure) {
        if mkdir(folder, 0o700) == 0 { return }
        func failure(_ text: String) -> CommandFailure { CommandFailure(.unavailable, "\(folder): \(text)") }
        let code = errno
        guard code == EEXIST else { throw failure("cannot make the folder for \(purpose): \(SystemProblem.text(of: code)); \(advice)") }
        guard let status = FileStatus(folder, followsLink: false) else {
            throw failure("cannot use the folder for \(purpose): \(SystemProblem.text(of: errno)); \(advice)")
        }
        guard status.isFolder, status.owner == user else {
            throw failure("the folder for \(purpose) is not ours; remove it, or \(advice)")
        }
        if status.isOpenToOthers, chmod(folder, 0o700) != 0 {
            throw failure("the folder for \(purpose) is open to others; chmod 700 it, or \(advice)")
        }
    }
}
