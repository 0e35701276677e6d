/// The error texts of protocol section 5.
package enum ErrorText {
    package static let badNamespace = "bad namespace"
    package static let badRoom = "bad room"
    package static let limitReached = "limit reached"
    /// An operation on a connection that has not been acknowledged yet; it never reaches the wire.
    package static let notAcknowledged = "not acknowledged"
}
