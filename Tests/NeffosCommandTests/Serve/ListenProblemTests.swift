import Foundation
import NIOCore
import Neffos
import NeffosAdmin
import Testing

@testable import NeffosCommand

/// What a server says where it cannot listen, of its own address and of the admin's.
@Suite struct ListenProblemTests {
    private static let codes: [(Int32, String)] = [
        (EADDRINUSE, "the port is in use; stop what uses it, or choose another"),
        (EADDRNOTAVAIL, "the address is not one of this machine; choose one that is"),
        (EACCES, "no permission for this port; choose one above 1023"),
        (EPERM, "no permission for this port; choose one above 1023"),
        (EAFNOSUPPORT, "this machine has no such kind of address; choose another"),
    ]

    @Test(arguments: codes)
    func `a port is refused in the same words, with the option that chooses another`(code: Int32, words: String) {
        let error = IOError(errnoCode: code, reason: "bind")
        let own = ListenProblem.failure(error, listen: ListenAddress(host: "::1", port: 80))
        #expect(own.lines == ["cannot listen on [::1]:80: \(words) with --listen HOST:PORT"])
        let admin = ListenProblem.failure(error, admin: .tcp(host: "::1", port: 80))
        #expect(admin.lines == ["cannot listen on the admin address [::1]:80: \(words) with --admin ADDRESS, or none"])
        #expect(own.code == .unavailable && admin.code == .unavailable)
    }

    @Test(arguments: [
        (EACCES, "no permission for this place; choose one in a folder of your own with --admin ADDRESS, or none"),
        (ENOENT, "its folder is not there; make it, or choose another with --admin ADDRESS, or none"),
        (EROFS, "Read-only file system; choose another address with --admin ADDRESS, or none"),
    ])
    func `a socket has no port`(code: Int32, words: String) {
        let failure = ListenProblem.failure(IOError(errnoCode: code, reason: "bind"), admin: .socket(path: "/run/a.sock"))
        #expect(failure.lines == ["cannot listen on the admin address /run/a.sock: \(words)"])
    }

    @Test func `what says itself where it is stands for itself`() {
        let error = ListenError.noSocket("/run/a.sock")
        #expect(
            ListenProblem.failure(error, admin: .socket(path: "/run/a.sock")).lines == ["cannot listen on the admin address: \(error)"])
        #expect(ListenProblem.failure(error, listen: ListenAddress(host: "h", port: 1)).lines == ["cannot listen: \(error)"])
    }
}
