/// The fields of a received message; wait token and body only as places in its payload.
struct MessageFields {
    enum Fault: Error {
        case tooFew
        case notText

        var detail: String {
            switch self {
            case .tooFew: "A message had fewer than seven fields."
            case .notText: "A message's namespace, room or event was not UTF-8."
            }
        }
    }

    let waitBytes: Int
    let namespace: String
    let room: String
    let event: String
    let isError: Bool
    let isNoOp: Bool
    let bodyOffset: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        // The first six separators split, whatever follows is body.
        guard
            let wait = Self.end(of: bytes, from: 0),
            let namespace = Self.end(of: bytes, from: wait + 1),
            let room = Self.end(of: bytes, from: namespace + 1),
            let event = Self.end(of: bytes, from: room + 1),
            let isError = Self.end(of: bytes, from: event + 1),
            let isNoOp = Self.end(of: bytes, from: isError + 1)
        else { throw .tooFew }
        guard
            let namespaceText = FieldEscaping.read(UnsafeRawBufferPointer(rebasing: bytes[(wait + 1)..<namespace])),
            let roomText = FieldEscaping.read(UnsafeRawBufferPointer(rebasing: bytes[(namespace + 1)..<room])),
            let eventText = FieldEscaping.read(UnsafeRawBufferPointer(rebasing: bytes[(room + 1)..<event]))
        else { throw .notText }
        self.waitBytes = wait
        self.namespace = namespaceText
        self.room = roomText
        self.event = eventText
        self.isError = Self.isOne(bytes, event + 1, isError)
        self.isNoOp = Self.isOne(bytes, isError + 1, isNoOp)
        self.bodyOffset = isNoOp + 1
    }

    private static func end(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        ByteSearch.offset(of: UInt8(ascii: ";"), in: bytes, from: start)
    }

    private static func isOne(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        end == start + 1 && bytes[start] == UInt8(ascii: "1")
    }
}
