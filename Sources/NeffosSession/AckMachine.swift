import NIOCore
import NeffosWire

/// The ack of protocol section 2, for both sides: who has acknowledged whom, and the frames that came before.
struct AckMachine {
    enum State {
        /// Server: no `M` yet. Client: no answer to ours yet.
        case awaiting
        /// Server: it has `M` and has not decided.
        case deciding
        case acknowledged
        /// Refused, or at odds with the protocol: what still comes is ignored.
        case failed
    }

    private(set) var state = State.awaiting
    private(set) var id = ""
    private var early: [EarlyFrame] = []

    /// Takes a frame from before the ack.
    mutating func receive(_ payload: ByteBuffer, isBinary: Bool, rules: SessionRules) -> [SessionAction] {
        guard state == .awaiting else { return state == .deciding ? keep(payload, isBinary: isBinary, rules: rules) : [] }
        switch (AckCodec.parse(payload), rules.role) {
        case (.request?, .server):
            state = .deciding
            return [.decideAcknowledgement]
        case (.accepted(let id)?, .client):
            return complete(id: id)
        case (.refused(let text)?, .client):
            fail()
            return [.refused(text)]
        case (.accepted?, .server), (.refused?, .server):
            fail()
            return [
                .violation(kind: ViolationKind.selfAcknowledgement, detail: "an answer to the ack came from the client"),
                .close(.protocolError, reason: "the server acknowledges"),
            ]
        case (.request?, .client), (nil, _):
            return keep(payload, isBinary: isBinary, rules: rules)
        }
    }

    /// The actions that complete the ack: the frames kept so far follow it.
    mutating func complete(id: String) -> [SessionAction] {
        state = .acknowledged
        self.id = id
        let frames = early
        early = []
        return frames.isEmpty ? [.acknowledged(id: id)] : [.acknowledged(id: id), .replay(frames)]
    }

    mutating func fail() {
        state = .failed
        early = []
    }

    /// Forgets the frames of a connection that is gone.
    mutating func dropEarlyFrames() { early = [] }

    private mutating func keep(_ payload: ByteBuffer, isBinary: Bool, rules: SessionRules) -> [SessionAction] {
        let bytes = early.reduce(payload.readableBytes) { $0 + $1.payload.readableBytes }
        guard early.count < rules.framesBeforeAck, bytes <= rules.bytesBeforeAck else {
            fail()
            return [
                .violation(kind: ViolationKind.earlyFrames, detail: "too many frames or bytes came before the ack"),
                .close(.policyViolation, reason: "too much before the ack"),
            ]
        }
        // A copy: the payload is a slice of the channel's read buffer, which it would keep alive.
        early.append(EarlyFrame(payload: ByteBuffer(bytes: payload.readableBytesView), isBinary: isBinary))
        return []
    }
}
