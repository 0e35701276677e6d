/// How `;` travels inside namespace, room and event (protocol section 3): as `@%!semicolon@%!`.
///
/// A field that holds those very characters cannot be told from an escaped `;` and becomes one; so it is in the originals.
enum FieldEscaping {
    private static let separator = UInt8(ascii: ";")
    private static let mark = UInt8(ascii: "@")
    private static let token: StaticString = "@%!semicolon@%!"
    private static var tokenBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: token.utf8Start, count: token.utf8CodeUnitCount)
    }

    /// The field that `bytes` hold, unescaped; nil if they are no UTF-8.
    static func read(_ bytes: UnsafeRawBufferPointer) -> String? {
        if bytes.isEmpty { return "" }
        if ByteSearch.isASCII(bytes, without: mark) { return String(decoding: bytes, as: UTF8.self) }
        guard UTF8Validator.isValid(bytes) else { return nil }
        guard ByteSearch.offset(of: mark, in: bytes, from: 0) != nil else { return String(decoding: bytes, as: UTF8.self) }
        return unescape(bytes)
    }

    private static func unescape(_ bytes: UnsafeRawBufferPointer) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var at = 0
        while let hit = ByteSearch.offset(of: mark, in: bytes, from: at) {
            plain.append(contentsOf: bytes[at..<hit])
            if bytes[hit...].starts(with: tokenBytes) {
                plain.append(separator)
                at = hit + tokenBytes.count
            } else {
                plain.append(mark)
                at = hit + 1
            }
        }
        plain.append(contentsOf: bytes[at...])
        return String(decoding: plain, as: UTF8.self)
    }

    /// How many bytes ``write(_:escapedBytes:to:)`` writes.
    static func escapedBytes(of field: String) -> Int {
        let count = field.utf8.count
        if count == 0 { return 0 }
        let separators =
            field.utf8.withContiguousStorageIfAvailable { ByteSearch.count(of: separator, in: UnsafeRawBufferPointer($0)) }
            ?? field.utf8.count { $0 == separator }
        return count + (token.utf8CodeUnitCount - 1) * separators
    }

    /// Writes the field, escaped, to `target`, which has room for `escapedBytes`, the figure of ``escapedBytes(of:)``.
    static func write(_ field: String, escapedBytes: Int, to target: UnsafeMutableRawPointer) {
        if escapedBytes == 0 { return }
        let isDone: Void? = field.utf8.withContiguousStorageIfAvailable { bytes in
            if let base = bytes.baseAddress, bytes.count == escapedBytes {
                target.copyMemory(from: base, byteCount: escapedBytes)
            } else {
                writeEscaped(bytes, to: target)
            }
        }
        if isDone == nil { writeEscaped(field.utf8, to: target) }
    }

    private static func writeEscaped(_ field: some Sequence<UInt8>, to target: UnsafeMutableRawPointer) {
        var target = target
        for byte in field {
            if byte == separator {
                target.copyMemory(from: token.utf8Start, byteCount: token.utf8CodeUnitCount)
                target += token.utf8CodeUnitCount
            } else {
                target.storeBytes(of: byte, as: UInt8.self)
                target += 1
            }
        }
    }
}
