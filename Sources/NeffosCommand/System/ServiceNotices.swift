import Foundation
import NIOCore

/// What a service manager hears of a server's life: that it is ready, that it reads its configuration again, that it stops, and, as long as its event
/// loops take turns, that it lives. Where nobody asked, nothing happens.
final class ServiceNotices: Sendable {
    private let socket: NotifySocket?
    private let interval: Duration?

    init(_ environment: SystemdEnvironment) {
        socket = environment.notify.map(NotifySocket.init)
        interval = environment.notify == nil ? nil : environment.watchdogInterval
    }

    /// It accepts clients.
    func ready(_ status: String) { socket?.send("READY=1\nSTATUS=\(Self.line(status))\nMAINPID=\(getpid())") }

    /// It reads its configuration again, after which it is ``ready(_:)`` again.
    func reloading() {
        socket?.send("RELOADING=1\nMONOTONIC_USEC=\(NIODeadline.now().uptimeNanoseconds / 1000)")
    }

    /// It sends its clients away.
    ///
    /// - Parameter patience: How long that may take, which the manager has to wait for before it kills.
    func stopping(_ reason: String, patience: Duration) {
        let microseconds = (patience.components.seconds + 10) * 1_000_000
        socket?.send("STOPPING=1\nSTATUS=stopping: \(Self.line(reason))\nEXTEND_TIMEOUT_USEC=\(microseconds)")
    }

    /// Gives signs of life until it is cancelled, one after each answer of `isAlive`: where that never answers, there are no more.
    ///
    /// - Returns: nil where nobody waits for any.
    func watch(_ isAlive: @escaping @Sendable () async -> Void) -> Task<Void, Never>? {
        guard let socket, let interval else { return nil }
        return Task {
            while !Task.isCancelled {
                await isAlive()
                socket.send("WATCHDOG=1")
                do { try await Task.sleep(for: interval) } catch { return }
            }
        }
    }

    /// A notice's fields are lines.
    private static func line(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
