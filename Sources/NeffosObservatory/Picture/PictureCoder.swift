import NeffosFeed

/// Why a picture of a model cannot be read.
public enum PictureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It was made by another version of this program.
    case version(Int)
    /// It is cut off, or holds what no model could.
    case damaged

    public var description: String {
        switch self {
        case .version(let version):
            "the picture of the server is of version \(version), this program reads version \(PictureCoder.version): use the same one on both sides"
        case .damaged: "the picture of the server cannot be read: it is damaged or cut off"
        }
    }
}

/// Writes a value, or reads it in place, by one and the same description of it: what is written in an order is read in that order.
///
/// Who reads believes nothing: numbers have bounds that no sum reaches, and nothing is made that is larger than the bytes it came from.
struct PictureCoder {
    static let version = 1
    /// No number is larger, so that adding to it never overflows.
    static let largest = 1 << 53
    private static let longestText = 65_536

    let isReading: Bool
    private(set) var bytes: [UInt8]
    private var position = 0
    // Texts are written once, and by number from then on.
    private var numbers: [String: Int] = [:]
    private var texts: [String] = []

    /// To write.
    init() {
        isReading = false
        bytes = []
    }

    /// To read.
    init(reading bytes: [UInt8]) {
        isReading = true
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    func check(_ holds: Bool) throws { if !holds { throw PictureError.damaged } }

    // MARK: Numbers

    private mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw PictureError.damaged }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func readNumber() throws -> UInt64 {
        var (number, shift) = (0 as UInt64, 0 as UInt64)
        while true {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw PictureError.damaged }
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
            shift += 7
            guard shift < 64 else { throw PictureError.damaged }
        }
    }

    mutating func int64(_ value: inout Int64) throws {
        if isReading {
            let number = try readNumber()
            value = Int64(bitPattern: number >> 1) ^ -Int64(number & 1)
            try check(abs(value) <= Int64(PictureCoder.largest))
        } else {
            let bounded = min(max(value, -Int64(PictureCoder.largest)), Int64(PictureCoder.largest))
            write(UInt64(bitPattern: bounded << 1 ^ bounded >> 63))
        }
    }

    mutating func int(_ value: inout Int) throws { try number(&value) }

    /// Any whole number that fits its type.
    mutating func number<Number: FixedWidthInteger>(_ value: inout Number) throws {
        var wide = Int64(clamping: value)
        try int64(&wide)
        guard isReading else { return }
        guard let narrow = Number(exactly: wide) else { throw PictureError.damaged }
        value = narrow
    }

    mutating func word(_ value: inout UInt64) throws {
        if isReading {
            var word = 0 as UInt64
            for _ in 0..<8 { word = word << 8 | UInt64(try byte()) }
            value = word
        } else {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
        }
    }

    mutating func double(_ value: inout Double) throws {
        var pattern = value.bitPattern
        // Most are zero or small whole numbers.
        var isWhole = value >= 0 && value < 1e9 && value == value.rounded() && value.sign == .plus
        try bool(&isWhole)
        if isWhole {
            var whole = isReading ? 0 : Int(value)
            try int(&whole)
            if isReading { value = Double(whole) }
        } else {
            try word(&pattern)
            if isReading { value = Double(bitPattern: pattern) }
        }
    }

    mutating func float(_ value: inout Float) throws {
        var wide = Double(value)
        try double(&wide)
        if isReading { value = Float(wide) }
    }

    mutating func bool(_ value: inout Bool) throws {
        if isReading {
            let byte = try byte()
            try check(byte < 2)
            value = byte == 1
        } else {
            bytes.append(value ? 1 : 0)
        }
    }

    mutating func time(_ value: inout FeedTime) throws {
        var milliseconds = value.milliseconds
        try int64(&milliseconds)
        if isReading { value = FeedTime(milliseconds: milliseconds) }
    }

    // MARK: Texts

    mutating func text(_ value: inout String) throws {
        if isReading {
            let number = try readNumber()
            if number > 0 {
                guard number <= UInt64(texts.count) else { throw PictureError.damaged }
                value = texts[Int(number) - 1]
                return
            }
            let length = try readNumber()
            guard length <= UInt64(min(remaining, PictureCoder.longestText)) else { throw PictureError.damaged }
            guard let text = String(validating: bytes[position..<position + Int(length)], as: UTF8.self) else { throw PictureError.damaged }
            position += Int(length)
            texts.append(text)
            value = text
        } else if let number = numbers[value] {
            write(UInt64(number))
        } else {
            var value = value.utf8.count > PictureCoder.longestText ? BoundedText.cut(value, to: PictureCoder.longestText / 2) : value
            numbers[value] = numbers.count + 1
            write(0)
            write(UInt64(value.utf8.count))
            value.withUTF8 { bytes.append(contentsOf: $0) }
        }
    }

    mutating func name(_ value: inout CompactName) throws {
        var (high, low) = (0 as UInt64, 0 as UInt64)
        var text = ""
        var isUUID = false
        switch value {
        case .uuid(let one, let two): (isUUID, high, low) = (true, one, two)
        case .text(let other): text = other
        }
        try bool(&isUUID)
        if isUUID {
            try word(&high)
            try word(&low)
            if isReading { value = .uuid(high, low) }
        } else {
            try self.text(&text)
            if isReading { value = CompactName(text) }
        }
    }

    mutating func remote(_ value: inout CompactRemote) throws {
        var (address, port) = (0 as UInt32, 0 as UInt16)
        var text = ""
        var isIPv4 = false
        switch value {
        case .ipv4(let one, let two): (isIPv4, address, port) = (true, one, two)
        case .text(let other): text = other
        }
        try bool(&isIPv4)
        if isIPv4 {
            try number(&address)
            try number(&port)
            if isReading { value = .ipv4(address, port: port) }
        } else {
            try self.text(&text)
            if isReading { value = CompactRemote(text) }
        }
    }

    /// A case of an enumeration, by its name.
    mutating func choice<Value: RawRepresentable>(_ value: inout Value) throws where Value.RawValue == String {
        var text = value.rawValue
        try self.text(&text)
        guard let read = Value(rawValue: text) else { throw PictureError.damaged }
        value = read
    }

    // MARK: Many

    mutating func optional<Value>(
        _ value: inout Value?, _ blank: @autoclosure () -> Value, _ code: (inout PictureCoder, inout Value) throws -> Void
    ) throws {
        var isThere = value != nil
        try bool(&isThere)
        guard isThere else { return value = nil }
        var inner = value ?? blank()
        try code(&self, &inner)
        value = inner
    }

    /// - Parameter most: more are damage.
    mutating func list<Values: RangeReplaceableCollection>(
        _ values: inout Values, most: Int = .max, _ blank: @autoclosure () -> Values.Element,
        _ code: (inout PictureCoder, inout Values.Element) throws -> Void
    ) throws {
        var count = values.count
        try int(&count)
        guard isReading else {
            for var value in values { try code(&self, &value) }
            return
        }
        // Each takes a byte at least.
        try check(count >= 0 && count <= most && count <= remaining)
        values = Values()
        values.reserveCapacity(count)
        for _ in 0..<count {
            var value = blank()
            try code(&self, &value)
            values.append(value)
        }
    }

    mutating func table<Key: Hashable, Value>(
        _ values: inout [Key: Value], most: Int = .max, _ blankKey: @autoclosure () -> Key, _ blank: @autoclosure () -> Value,
        _ code: (inout PictureCoder, inout Key, inout Value) throws -> Void
    ) throws {
        var count = values.count
        try int(&count)
        guard isReading else {
            for (key, value) in values {
                var (key, value) = (key, value)
                try code(&self, &key, &value)
            }
            return
        }
        try check(count >= 0 && count <= most && count <= remaining)
        values = [:]
        values.reserveCapacity(count)
        for _ in 0..<count {
            var (key, value) = (blankKey(), blank())
            try code(&self, &key, &value)
            values[key] = value
        }
    }

    mutating func texts<Values: RangeReplaceableCollection<String>>(_ values: inout Values) throws {
        try list(&values, "") { try $0.text(&$1) }
    }

    mutating func set(_ values: inout Set<String>) throws {
        var list = values.sorted()
        try texts(&list)
        if isReading { values = Set(list) }
    }

    mutating func optionalText(_ value: inout String?) throws { try optional(&value, "") { try $0.text(&$1) } }
    mutating func optionalInt(_ value: inout Int?) throws { try optional(&value, 0) { try $0.int(&$1) } }
    mutating func optionalTime(_ value: inout FeedTime?) throws {
        try optional(&value, FeedTime(milliseconds: 0)) { try $0.time(&$1) }
    }
}
