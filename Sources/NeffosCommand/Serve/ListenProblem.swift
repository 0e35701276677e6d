import Foundation
import NIOCore
import NIOSSL
import Neffos
import NeffosAdmin

/// Why a server, or its admin address, did not start, in one line.
enum ListenProblem {
    /// Where it was to listen.
    private struct Place {
        /// As the line names it.
        var name: String
        /// A socket's file in place of a port.
        var isSocket = false
        /// Before what says itself where it is.
        var subject = "cannot listen"
        /// How another is chosen.
        var way: String
        /// The keys of its certificate.
        var keys: String
    }

    static func failure(_ error: any Error, listen: ListenAddress) -> CommandFailure {
        failure(error, at: Place(name: "\(listen)", way: "with --listen HOST:PORT", keys: "server.tls.certificate and server.tls.key"))
    }

    static func failure(_ error: any Error, admin address: AdminConfiguration.Address) -> CommandFailure {
        var place = Place(
            name: "", subject: "cannot listen on the admin address", way: "with --admin ADDRESS, or none",
            keys: "admin.tls.certificate and admin.tls.key")
        switch address {
        case .socket(let path): (place.name, place.isSocket) = ("the admin address \(path)", true)
        case .tcp(let host, let port): place.name = "the admin address \(ListenAddress(host: host, port: port))"
        }
        return failure(error, at: place)
    }

    private static func failure(_ error: any Error, at place: Place) -> CommandFailure {
        if let error = error as? IOError {
            return CommandFailure(.unavailable, "cannot listen on \(place.name): \(advice(for: error.errnoCode, at: place))")
        }
        if let error = error as? ListenError { return CommandFailure(.unavailable, "\(place.subject): \(error)") }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return CommandFailure(
                .unavailable, "cannot listen on \(place.name): the host is unknown; choose an address of this machine \(place.way)")
        }
        if error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
            return CommandFailure(.configuration, "cannot use the certificate: \(error); check \(place.keys)")
        }
        return CommandFailure(.unavailable, "cannot listen on \(place.name): \(error); choose another address \(place.way)")
    }

    private static func advice(for code: Int32, at place: Place) -> String {
        switch code {
        case EADDRINUSE where !place.isSocket: "the port is in use; stop what uses it, or choose another \(place.way)"
        case EADDRNOTAVAIL: "the address is not one of this machine; choose one that is \(place.way)"
        case EACCES, EPERM:
            place.isSocket
                ? "no permission for this place; choose one in a folder of your own \(place.way)"
                : "no permission for this port; choose one above 1023 \(place.way)"
        case ENOENT where place.isSocket: "its folder is not there; make it, or choose another \(place.way)"
        case EAFNOSUPPORT: "this machine has no such kind of address; choose another \(place.way)"
        default: "\(SystemProblem.text(of: code)); choose another address \(place.way)"
        }
    }
}
