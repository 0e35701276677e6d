/// The kinds of violation that a machine reports, as the feed's `protocol.violation` names them.
package enum ViolationKind {
    /// A frame that is no neffos message, or a request that cannot be answered.
    package static let invalidPayload = "invalid-payload"
    /// A system event that only the local side may fire.
    package static let forgedEvent = "forged-event"
    /// A client that tried to acknowledge itself.
    package static let selfAcknowledgement = "self-acknowledgement"
    /// More before the ack than protocol section 2 allows.
    package static let earlyFrames = "early-frames"
}
