import Foundation
import NIOCore
import NIOSSL
import Neffos

/// Why a server did not start, in one line.
enum ListenProblem {
    static func failure(_ error: any Error, listen: ListenAddress) -> CommandFailure {
        if let error = error as? IOError {
            return CommandFailure(.unavailable, "cannot listen on \(listen): \(advice(for: error.errnoCode, listen: listen))")
        }
        if let error = error as? ListenError { return CommandFailure(.unavailable, "cannot listen: \(error)") }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return CommandFailure(
                .unavailable, "cannot listen on \(listen): the host is unknown; choose an address of this machine with --listen HOST:PORT")
        }
        if error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
            return CommandFailure(.configuration, "cannot use the certificate: \(error); check server.tls.certificate and server.tls.key")
        }
        return CommandFailure(.unavailable, "cannot listen on \(listen): \(error); choose another address with --listen HOST:PORT")
    }

    private static func advice(for code: Int32, listen: ListenAddress) -> String {
        switch code {
        case EADDRINUSE: "the port is in use; stop what uses it, or choose another with --listen HOST:PORT"
        case EADDRNOTAVAIL: "the address is not one of this machine; choose one that is with --listen HOST:PORT"
        case EACCES, EPERM: "no permission for this port; choose one above 1023 with --listen HOST:PORT"
        case EAFNOSUPPORT: "this machine has no such kind of address; choose another with --listen HOST:PORT"
        default: "\(SystemProblem.text(of: code)); choose another address with --listen HOST:PORT"
        }
    }
}
