/// Where operators' programs reach the server, as the configuration and `--admin` write it.
enum AdminPlace: Equatable, Sendable {
    /// No admin address at all.
    case none
    /// A Unix socket.
    case socket(path: String)
    case tcp(ListenAddress)

    /// - Throws: ``ValueError`` where the text is neither `none`, a socket's path nor HOST:PORT.
    init(parsing text: String) throws(ValueError) {
        if text == "none" {
            self = .none
            return
        }
        let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
        if text.hasPrefix("unix:") || text.contains("/") {
            guard path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.count <= 103 else {
                throw ValueError(
                    "\"\(text)\" is no path of a socket", advice: "write a whole one of at most 103 bytes, like /run/neffos/admin.sock")
            }
            guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                throw ValueError("it has control characters", advice: "write plain text on one line")
            }
            self = .socket(path: path)
        } else {
            do { self = .tcp(try ListenAddress(parsing: text)) } catch {
                throw ValueError(error.problem, advice: "\(error.advice), or a socket's path like /run/neffos/admin.sock, or none")
            }
        }
    }

    /// Whether only this machine reaches it.
    var isLocal: Bool {
        switch self {
        case .none, .socket: true
        case .tcp(let address): address.isLoopback
        }
    }

    var text: String {
        switch self {
        case .none: "none"
        case .socket(let path): path
        case .tcp(let address): address.description
        }
    }
}

extension ListenAddress {
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.split(separator: ".").count == 4 }
}
