/// Why a state file cannot be read.
public enum RosterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing whole is in it.
    case empty
    /// It does not begin as a roster does.
    case notARoster
    /// It was written by another version.
    case version(Int)
    /// A line in it, counted from 1, cannot be read.
    case damaged(line: Int)

    public var description: String {
        switch self {
        case .empty: "the state file is empty"
        case .notARoster: "the file is no state file of neffos"
        case .version(let version): "the state file is of version \(version), this is version \(RosterChange.version)"
        case .damaged(let line): "line \(line) of the state file cannot be read"
        }
    }
}
