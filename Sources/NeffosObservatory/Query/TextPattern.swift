/// A text to be found in another: whole, at its beginning, in any part, with `*` for what may be anything. ASCII letters of either case are the
/// same; all else is compared byte for byte.
struct TextPattern: Sendable, Hashable {
    /// What has to stand there in this order, folded; not empty but for a pattern that anything fits.
    let pieces: [[UInt8]]
    /// Whether the first piece is the beginning.
    let isAnchoredAtStart: Bool
    /// Whether the last piece is the end.
    let isAnchoredAtEnd: Bool

    /// Whether there is nothing in it that the text of a UUID, or of an address of IPv4 with its port, never has.
    let canBeInUUID: Bool
    let canBeInIPv4: Bool

    /// - Parameter parts: what stands between the stars.
    init(_ parts: [String], kind: QueryField.Kind) {
        let isWhole = kind == .name
        isAnchoredAtStart = (isWhole || kind == .beginning) && parts.first?.isEmpty == false
        isAnchoredAtEnd = isWhole && parts.last?.isEmpty == false
        pieces = parts.filter { !$0.isEmpty }.map { $0.utf8.map(Self.fold) }
        canBeInUUID = pieces.allSatisfy { $0.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || $0 == 45 } }
        canBeInIPv4 = pieces.allSatisfy { $0.allSatisfy { (46...58).contains($0) } }
    }

    static func fold(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }

    func matches(_ text: String) -> Bool {
        if let found = text.utf8.withContiguousStorageIfAvailable({ matches($0) }) { return found }
        return Array(text.utf8).withUnsafeBufferPointer { matches($0) }
    }

    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if isAnchoredAtStart, isAnchoredAtEnd, pieces.count == 1 {
            return pieces[0].count == bytes.count && stands(pieces[0], at: 0, bytes)
        }
        var from = 0
        var end = bytes.count
        var middle = pieces[...]
        if isAnchoredAtStart, let first = middle.popFirst() {
            guard stands(first, at: 0, bytes) else { return false }
            from = first.count
        }
        if isAnchoredAtEnd, let last = middle.popLast() {
            end -= last.count
            guard end >= from, stands(last, at: end, bytes) else { return false }
        }
        for piece in middle {
            guard let place = place(of: piece, in: bytes, from, end) else { return false }
            from = place + piece.count
        }
        return true
    }

    private func stands(_ piece: [UInt8], at start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard start >= 0, piece.count <= bytes.count - start else { return false }
        for offset in 0..<piece.count where Self.fold(bytes[start + offset]) != piece[offset] { return false }
        return true
    }

    private func place(of piece: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, _ from: Int, _ end: Int) -> Int? {
        guard let lower = piece.first, piece.count <= end - from else { return piece.isEmpty ? from : nil }
        let upper = lower >= 97 && lower <= 122 ? lower - 32 : lower
        var start = from
        let last = end - piece.count
        while start <= last {
            if bytes[start] == lower || bytes[start] == upper, stands(piece, at: start, bytes) { return start }
            start += 1
        }
        return nil
    }
}
