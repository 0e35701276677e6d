import Foundation
import NIOCore

/// A running server's admin address, as it is written on the command line.
struct AttachTarget: Equatable, Sendable {
    /// Of the feed's endpoint.
    var url: String
    /// As it was written, or found.
    var name: String
    /// The path, where it is a socket on this machine.
    let socketPath: String?

    /// - Throws: ``ValueError`` where it can be no address.
    init(parsing text: String, environment: [String: String]) throws(ValueError) {
        let example = "write a socket's path, ws://HOST:PORT, wss://HOST:PORT, or the port of a server on this machine"
        name = text
        if text.isEmpty { throw ValueError("the address is empty", advice: example) }
        if text.allSatisfy({ $0.isASCII && $0.isNumber }) {
            guard let port = Int(text), (1...65535).contains(port) else { throw ValueError("\"\(text)\" is no port", advice: example) }
            let path = "\(AdminSocket.folder(environment: environment))/\(port).sock"
            url = Self.url(ofSocket: path)
            socketPath = path
        } else if let separator = text.range(of: "://") {
            let written = text[..<separator.lowerBound].lowercased()
            let scheme = ["http": "ws", "https": "wss"][written] ?? written
            let isSocket = scheme.hasSuffix("+unix")
            let rest = text[separator.upperBound...]
            let place = rest.firstIndex(of: isSocket ? ":" : "/")
            let isBare = place.map { rest[$0...] == "/" || rest[$0...] == ":/" || rest[$0...] == ":" } ?? true
            let bare = rest[..<(isBare ? place ?? rest.endIndex : rest.endIndex)]
            url = "\(scheme)://\(bare)" + (isBare ? (isSocket ? ":/feed" : "/feed") : "")
            socketPath = isSocket ? String(rest[..<(place ?? rest.endIndex)]).removingPercentEncoding : nil
        } else if text.hasPrefix("unix:") || text.contains("/") || text.hasSuffix(".sock") {
            let path = text.hasPrefix("unix:") ? String(text.dropFirst("unix:".count)) : text
            let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
            url = Self.url(ofSocket: whole)
            socketPath = whole
        } else {
            do { url = "ws://\(try ListenAddress(parsing: text))/feed" } catch { throw ValueError(error.problem, advice: example) }
            socketPath = nil
        }
    }

    private init(socket path: String) {
        url = Self.url(ofSocket: path)
        name = path
        socketPath = path
    }

    /// The servers of this user that answer on this machine, by the ports of their sockets.
    ///
    /// - Parameter subcommand: the one that looks for them, for what is said where there is none.
    /// - Throws: ``CommandFailure`` where there is none.
    static func allLocal(for subcommand: String, environment: [String: String]) throws(CommandFailure) -> [AttachTarget] {
        let answering = AdminSocket.all(environment: environment).filter(isAnswering)
        guard !answering.isEmpty else {
            let folder = AdminSocket.folder(environment: environment)
            throw CommandFailure(
                .unavailable,
                "no server of yours answers in \(folder); start one with neffos serve, or name one: neffos \(subcommand) URL")
        }
        return answering.map(AttachTarget.init(socket:))
    }

    /// The one server of this user that answers on this machine.
    ///
    /// - Throws: ``CommandFailure`` where there is none, or more than one.
    static func local(for subcommand: String, environment: [String: String]) throws(CommandFailure) -> AttachTarget {
        let all = try allLocal(for: subcommand, environment: environment)
        guard all.count == 1 else {
            var failure = CommandFailure(.usage, "there are \(all.count) servers; name the one that is meant:")
            failure.lines += all.map { "  \($0.name)" }
            throw failure
        }
        return all[0]
    }

    /// What a killed server leaves has a name, and nobody behind it.
    static func isAnswering(_ path: String) -> Bool {
        guard let address = try? SocketAddress(unixDomainSocketPath: path) else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return address.withSockAddr { connect(descriptor, $0, socklen_t($1)) } == 0 || errno == EAGAIN
    }

    /// The name of the user whose socket it is, as far as it can be known: a folder may hide what is in it, and is then the owner's too.
    var socketOwner: String? {
        guard let socketPath else { return nil }
        let folder = (socketPath as NSString).deletingLastPathComponent
        for path in [socketPath, folder] {
            if let name = try? FileManager.default.attributesOfItem(atPath: path)[.ownerAccountName] as? String { return name }
        }
        return nil
    }

    private static func url(ofSocket path: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_.~")
        return "ws+unix://\(path.addingPercentEncoding(withAllowedCharacters: plain) ?? path):/feed"
    }
}
