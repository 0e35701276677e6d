/// Why a ``Server`` cannot listen where ``ServerConfiguration/listener`` says. What the system itself refuses is thrown as its own error.
public enum ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another server answers on this Unix socket.
    case socketInUse(String)
    /// What has the Unix socket's name is no socket, and is left as it is.
    case noSocket(String)
    /// The path of a Unix socket does not begin with `/`, or names a folder.
    case relativePath(String)
    /// The path of a Unix socket is longer than the system takes.
    case longPath(String)
    /// The folder of a Unix socket belongs to somebody else.
    case foreignFolder(String)
    /// Anybody could replace what is in the folder of a Unix socket.
    case openFolder(String)
    /// A descriptor is no stream socket.
    case badDescriptor(Int32)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .socketInUse(let path): "another server answers on \(path); stop it, or choose another path"
        case .noSocket(let path): "\(path) is there and no socket; remove it, or choose another path"
        case .relativePath(let path): "\"\(path)\" is no path of a Unix socket; write one that begins with / and names a file"
        case .longPath(let path): "\(path) is too long for a Unix socket; choose one of at most 103 bytes"
        case .foreignFolder(let path): "the folder \(path) belongs to somebody else; choose one of your own"
        case .openFolder(let path):
            "anybody may replace files in the folder \(path); remove its write permission for others, or choose another"
        case .badDescriptor(let number): "descriptor \(number) is no stream socket; pass one that is bound"
        }
    }
}
