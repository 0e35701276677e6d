/// What a peer did against RFC 6455 or the message format: the code to close with, and words for the operator.
package struct WireError: Error, Hashable {
    package var closeCode: CloseCode
    /// One short sentence. It holds nothing that the peer chose.
    package var detail: String
    /// A short name that stays the same between versions.
    package var kind: String

    package init(closeCode: CloseCode, detail: String, kind: String) {
        self.closeCode = closeCode
        self.detail = detail
        self.kind = kind
    }
}

/// A broken rule of the frame layer, one byte wide: it is kept beside each connection and thrown on the way there.
enum FrameViolation: UInt8, Error {
    case reservedBits
    case opcode
    case unmasked
    case masked
    case controlTooLong
    case controlFragmented
    case continuation
    case tooBig
    case utf8
    case closeCode
    case closePayload
    case length
}

extension WireError {
    init(_ violation: FrameViolation) {
        switch violation {
        case .reservedBits:
            self.init(closeCode: .protocolError, detail: "A frame had reserved bits set.", kind: "reserved-bits")
        case .opcode:
            self.init(closeCode: .protocolError, detail: "A frame had a reserved opcode.", kind: "opcode")
        case .unmasked:
            self.init(closeCode: .protocolError, detail: "A client's frame was not masked.", kind: "unmasked")
        case .masked:
            self.init(closeCode: .protocolError, detail: "A server's frame was masked.", kind: "masked")
        case .controlTooLong:
            self.init(closeCode: .protocolError, detail: "A control frame was longer than 125 bytes.", kind: "control-too-long")
        case .controlFragmented:
            self.init(closeCode: .protocolError, detail: "A control frame was fragmented.", kind: "control-fragmented")
        case .continuation:
            self.init(closeCode: .protocolError, detail: "A fragment came out of order.", kind: "continuation")
        case .tooBig:
            self.init(closeCode: .tooBig, detail: "A message was longer than the limit.", kind: "too-big")
        case .utf8:
            self.init(closeCode: .invalidPayload, detail: "A text was not UTF-8.", kind: "utf8")
        case .closeCode:
            self.init(closeCode: .protocolError, detail: "A close frame had a code that may not be sent.", kind: "close-code")
        case .closePayload:
            self.init(closeCode: .protocolError, detail: "A close frame had half a code.", kind: "close-payload")
        case .length:
            self.init(closeCode: .protocolError, detail: "A frame's length was badly encoded.", kind: "length")
        }
    }

    /// A message that is not of the form of protocol section 3. The frame is sound: the connection may go on.
    static func invalidMessage(_ detail: String) -> WireError {
        WireError(closeCode: .invalidPayload, detail: detail, kind: "invalid-payload")
    }
}
