/// The bounds on what a peer may send.
package struct WireLimits: Sendable {
    /// The most payload bytes of one message, its fragments together. 0: no bound but ``ceiling``.
    package var messageBytes: Int

    package init(messageBytes: Int) { self.messageBytes = messageBytes }

    /// The most bytes of a message without a bound, 1 GiB: a buffer's indices have 32 bits and its capacity is a power of two.
    package static let ceiling = 1 << 30

    /// The bound that holds, in bytes.
    var effectiveMessageBytes: Int {
        messageBytes > 0 ? min(messageBytes, Self.ceiling) : Self.ceiling
    }
}
