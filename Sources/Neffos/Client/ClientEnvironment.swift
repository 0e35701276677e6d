/// Time and chance, as a client's way back needs them; tests bring their own.
package struct ClientEnvironment: Sendable {
    /// Waits before an attempt. Returns early or throws where its task is cancelled. nil: real time.
    package var wait: (@Sendable (Duration) async throws -> Void)?
    /// Evenly spread over 0 ..< 1.
    package var random: @Sendable () -> Double

    package init(wait: (@Sendable (Duration) async throws -> Void)?, random: @escaping @Sendable () -> Double) {
        self.wait = wait
        self.random = random
    }

    package static let live = ClientEnvironment(wait: nil, random: { Double.random(in: 0..<1) })
}
