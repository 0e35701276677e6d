package import NIOCore

/// Writes frames (RFC 6455 section 5.2) straight into the buffer that goes to the channel.
///
/// `mask` is nil for a server and a fresh random key for each frame of a client; its highest byte goes first.
package enum FrameSerializer {
    /// The most bytes of a close frame's reason.
    package static let reasonBytes = FrameHeader.controlBytes - 2

    /// One whole frame that holds the message, text or binary as the message says.
    ///
    /// - Returns: the bytes of its payload.
    @discardableResult
    package static func write(_ message: Message, mask: UInt32?, into out: inout ByteBuffer) -> Int {
        let layout = MessageLayout.of(message)
        writeFrame(message.isBinary ? .binary : .text, isFinal: true, bytes: layout.bytes, mask: mask, into: &out) { target in
            layout.write(message, to: target)
        }
        return layout.bytes
    }

    /// One whole text frame.
    package static func writeText(_ payload: ByteBuffer, mask: UInt32?, into out: inout ByteBuffer) {
        write(opcode: .text, fin: true, payload: payload, mask: mask, into: &out)
    }

    /// One frame. A control frame's payload must be 125 bytes or fewer and `fin` true.
    package static func write(opcode: Opcode, fin: Bool, payload: ByteBuffer, mask: UInt32?, into out: inout ByteBuffer) {
        assert(!opcode.isControl || (fin && payload.readableBytes <= FrameHeader.controlBytes))
        writeFrame(opcode, isFinal: fin, bytes: payload.readableBytes, mask: mask, into: &out) { target in
            payload.withUnsafeReadableBytes { bytes in
                if let base = bytes.baseAddress, bytes.count > 0 { target.copyMemory(from: base, byteCount: bytes.count) }
            }
        }
    }

    /// A close frame. A reason that is too long is cut to ``reasonBytes``, between characters.
    ///
    /// Without a code, or with one that may not be sent, such as ``CloseCode/noStatus``, the frame is empty.
    package static func writeClose(_ code: CloseCode?, reason: String, mask: UInt32?, into out: inout ByteBuffer) {
        guard let code, code.isValidOnWire else {
            writeFrame(.close, isFinal: true, bytes: 0, mask: mask, into: &out) { _ in }
            return
        }
        var reason = cut(reason)
        reason.withUTF8 { utf8 in
            writeFrame(.close, isFinal: true, bytes: 2 + utf8.count, mask: mask, into: &out) { target in
                target.storeBytes(of: code.rawValue.bigEndian, as: UInt16.self)
                if let base = utf8.baseAddress { (target + 2).copyMemory(from: base, byteCount: utf8.count) }
            }
        }
    }

    private static func cut(_ reason: String) -> String {
        guard reason.utf8.count > reasonBytes else { return reason }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in reason.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > reasonBytes { break }
            kept.append(scalar)
        }
        return String(kept)
    }

    /// Writes the head, lets `fill` write the payload behind it, and masks that where it lies.
    @inline(__always)
    private static func writeFrame(
        _ opcode: Opcode, isFinal: Bool, bytes: Int, mask: UInt32?, into out: inout ByteBuffer,
        fill: (UnsafeMutableRawPointer) -> Void
    ) {
        let lengthEnd = bytes < 126 ? 2 : bytes <= 0xFFFF ? 4 : 10
        let headerBytes = mask == nil ? lengthEnd : lengthEnd + 4
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: headerBytes + bytes) { target in
            guard let base = target.baseAddress else { return 0 }
            let maskBit: UInt8 = mask == nil ? 0 : 0x80
            base.storeBytes(of: (isFinal ? 0x80 : 0) | opcode.rawValue, as: UInt8.self)
            switch lengthEnd {
            case 2:
                base.storeBytes(of: maskBit | UInt8(truncatingIfNeeded: bytes), toByteOffset: 1, as: UInt8.self)
            case 4:
                base.storeBytes(of: maskBit | 126, toByteOffset: 1, as: UInt8.self)
                base.storeBytes(of: UInt16(truncatingIfNeeded: bytes).bigEndian, toByteOffset: 2, as: UInt16.self)
            default:
                base.storeBytes(of: maskBit | 127, toByteOffset: 1, as: UInt8.self)
                base.storeBytes(of: UInt64(bytes).bigEndian, toByteOffset: 2, as: UInt64.self)
            }
            fill(base + headerBytes)
            if let mask {
                base.storeBytes(of: mask.bigEndian, toByteOffset: lengthEnd, as: UInt32.self)
                let payload = UnsafeMutableRawBufferPointer(start: base + headerBytes, count: bytes)
                Masking.apply(mask.bigEndian, to: payload, offset: 0)
            }
            return headerBytes + bytes
        }
    }
}
