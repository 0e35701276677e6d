/// What can be fuzzed, each by bytes that may be anything.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// The frame layer: parser and serializer.
    case frames
    /// Messages, acks and tokens.
    case messages
    /// The HTTP side of a server and of a client, with what follows an upgrade.
    case http
    /// The session machines.
    case session

    /// Runs what is fuzzed on one input.
    ///
    /// - Throws: ``FuzzFault`` where something does not hold that must.
    func run(_ bytes: [UInt8]) throws {
        var choices = FuzzInput(bytes)
        switch self {
        case .frames: try FrameFuzz.run(&choices)
        case .messages: try MessageFuzz.run(&choices)
        case .http: try HTTPFuzz.run(&choices)
        case .session: try SessionFuzz.run(&choices)
        }
    }
}

/// Something that must hold and does not.
struct FuzzFault: Error, CustomStringConvertible {
    let description: String
}

func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
    if !holds { throw FuzzFault(description: otherwise()) }
}
