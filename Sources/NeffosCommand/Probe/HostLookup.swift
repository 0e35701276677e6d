import Foundation
import Synchronization

/// Asks the system for the addresses of a name.
enum HostLookup {
    /// Why there is none, in the system's words.
    struct Problem: Error, Equatable {
        var text: String
    }

    /// The system's call cannot be given up; past the limit nobody waits for it any more.
    static func addresses(of host: String, within limit: Duration) async -> Result<[String], Problem> {
        let first = Once()
        return await withCheckedContinuation { continuation in
            let thread = Thread {
                let result = look(host)
                if first.take() { continuation.resume(returning: result) }
            }
            thread.name = "neffos lookup"
            thread.start()
            Task {
                try? await Task.sleep(for: limit)
                if first.take() { continuation.resume(returning: .failure(Problem(text: "the name was not found out in time"))) }
            }
        }
    }

    private static func look(_ host: String) -> Result<[String], Problem> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return .failure(Problem(text: String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0 {
                let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if !addresses.contains(text) { addresses.append(text) }
            }
            next = entry.ai_next
        }
        return .success(addresses)
    }

    private final class Once: Sendable {
        private let isTaken = Mutex(false)
        func take() -> Bool {
            isTaken.withLock { taken in
                defer { taken = true }
                return !taken
            }
        }
    }
}
