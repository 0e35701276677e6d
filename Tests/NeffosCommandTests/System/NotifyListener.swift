import Foundation

@testable import NeffosCommand

/// The service manager's end of the notices: a real datagram socket, at a path or under an abstract name.
final class NotifyListener {
    let name: String
    private let descriptor: Int32

    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard let (address, length) = NotifySocket.address(of: name) else { throw CommandProcess.Failure(description: "no address") }
        let bound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw CommandProcess.Failure(description: "cannot bind \(name): \(SystemProblem.text(of: errno))") }
    }

    deinit { close(descriptor) }

    /// What has come so far and was not asked for before, a notice each.
    func notices() -> [String] {
        var notices: [String] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count >= 0 else { return notices }
            notices.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
    }
}
