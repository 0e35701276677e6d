/// A number of bytes as people write it: `512`, `64KiB`, `1MiB`, decimal `64kB`, `1MB`.
struct ByteCount: Hashable, Sendable {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    /// The most that is taken: 1 TiB, far below where a sum could overflow.
    static let most = 1 << 40

    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("B", 1), ("kB", 1000), ("KiB", 1024), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000), ("GiB", 1 << 30),
    ]

    /// - Throws: ``ValueError`` where the text is no whole number with a known unit, or more than ``most``.
    init(parsing text: String) throws(ValueError) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty else {
            throw ValueError("\"\(text)\" is not a size", advice: "write bytes or a unit, like 512, 64KiB, 1MiB, 64kB or 1MB")
        }
        guard let scale = Self.units.first(where: { $0.name == unit })?.bytes else {
            throw ValueError("\"\(text)\" has the unknown unit \"\(unit)\"", advice: "write KiB, MiB or GiB, or kB, MB or GB")
        }
        guard let count = Int(digits), count <= Self.most / scale else {
            throw ValueError("\"\(text)\" is too big", advice: "write at most 1024GiB")
        }
        bytes = count * scale
    }

    /// The shortest way to write it in binary units that ``init(parsing:)`` reads back.
    var text: String {
        for unit in [(name: "GiB", bytes: 1 << 30), (name: "MiB", bytes: 1 << 20), (name: "KiB", bytes: 1024)]
        where bytes != 0 && bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.name)"
        }
        return "\(bytes)"
    }
}
