/// Messages and the bytes of their payloads, from the ack on, without control frames.
struct Traffic: Sendable {
    var messagesIn = 0
    var messagesOut = 0
    var bytesIn = 0
    var bytesOut = 0

    mutating func countIn(_ messages: Int, bytes: Int) {
        messagesIn += messages
        bytesIn += bytes
    }

    mutating func countOut(bytes: Int) {
        messagesOut += 1
        bytesOut += bytes
    }

    static func += (left: inout Traffic, right: Traffic) { left = left.combined(right, +) }
    static func - (left: Traffic, right: Traffic) -> Traffic { left.combined(right, -) }

    private func combined(_ other: Traffic, _ combine: (Int, Int) -> Int) -> Traffic {
        Traffic(
            messagesIn: combine(messagesIn, other.messagesIn), messagesOut: combine(messagesOut, other.messagesOut),
            bytesIn: combine(bytesIn, other.bytesIn), bytesOut: combine(bytesOut, other.bytesOut))
    }
}
