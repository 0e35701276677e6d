import Foundation

/// Sends notices to a service manager, one datagram each: the protocol of sd_notify(3), without its library.
struct NotifySocket: Sendable {
    private let name: String

    /// - Parameter name: A path, or with a leading `@` an abstract name.
    init(_ name: String) { self.name = name }

    /// Sends a notice. One that cannot be sent is lost: there is nobody to tell who could do anything.
    ///
    /// - Returns: Whether it was taken.
    @discardableResult
    func send(_ notice: String) -> Bool {
        guard let (address, length) = Self.address(of: name) else { return false }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(notice.utf8)
        let count = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, length)
            }
        }
        return count == bytes.count
    }

    /// nil for a name that is too long.
    static func address(of name: String) -> (sockaddr_un, socklen_t)? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        // An abstract name begins with a zero byte and has no end of its own but its length.
        if isAbstract { bytes[0] = 0 }
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count > 1, bytes.count + (isAbstract ? 0 : 1) <= room else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let before = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
        return (address, socklen_t(before + bytes.count + (isAbstract ? 0 : 1)))
    }
}
