/// Writes one JSON object into bytes, without anything between.
struct JSONWriter {
    private(set) var bytes: [UInt8]

    /// Takes the bytes over, so that they are not copied; ``giveBack(to:)`` returns them.
    init(taking bytes: inout [UInt8]) {
        self.bytes = []
        swap(&self.bytes, &bytes)
    }

    mutating func giveBack(to bytes: inout [UInt8]) { swap(&self.bytes, &bytes) }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// `,"name":`, for every field but the first.
    mutating func name(_ name: StaticString) {
        raw(",\"")
        raw(name)
        raw("\":")
    }

    mutating func field(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { raw("null") }
    }

    mutating func field(_ name: StaticString, _ value: Int?) {
        self.name(name)
        if let value { number(value) } else { raw("null") }
    }

    mutating func field(_ name: StaticString, _ value: Bool) {
        self.name(name)
        if value { raw("true") } else { raw("false") }
    }

    mutating func field(_ name: StaticString, _ value: Double) {
        self.name(name)
        number(value)
    }

    /// The names in order, so that equal events are equal lines.
    mutating func field(_ name: StaticString, _ counts: [String: Int]) {
        self.name(name)
        raw("{")
        var isFirst = true
        for (key, value) in counts.sorted(by: { $0.key < $1.key }) {
            if !isFirst { raw(",") }
            isFirst = false
            string(key)
            raw(":")
            number(value)
        }
        raw("}")
    }

    mutating func field(_ name: StaticString, _ time: FeedTime) {
        self.name(name)
        self.time(time)
    }

    mutating func time(_ time: FeedTime) {
        raw("\"")
        time.appendISO8601(to: &bytes)
        raw("\"")
    }

    mutating func array<Element>(_ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void) {
        raw("[")
        var isFirst = true
        for element in elements {
            if !isFirst { raw(",") }
            isFirst = false
            write(&self, element)
        }
        raw("]")
    }

    mutating func number(_ value: Int) {
        if value < 0 { raw("-") }
        digits(value.magnitude)
    }

    /// At most three decimals and no exponent. What is no number is 0, what is beyond 2^53 stands there.
    mutating func number(_ value: Double) {
        guard value.isFinite else { return raw("0") }
        let most = 9_007_199_254_740_992.0
        let clamped = min(max(value, -most), most)
        let whole = clamped.rounded(.towardZero)
        var integer = UInt(whole.magnitude)
        var thousandths = UInt(((clamped - whole).magnitude * 1000).rounded())
        if thousandths == 1000 {
            integer += 1
            thousandths = 0
        }
        if clamped < 0, integer > 0 || thousandths > 0 { raw("-") }
        digits(integer)
        guard thousandths > 0 else { return }
        raw(".")
        var divisor: UInt = 100
        while thousandths > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(thousandths / divisor))
            thousandths %= divisor
            divisor /= 10
        }
    }

    private mutating func digits(_ value: UInt) {
        var divisor: UInt = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    /// A string with what a terminal or a line reader could take for its own escaped: C0 and C1 controls, DEL, line separators, and
    /// the marks that change the direction of text. JSON reads them back as they were.
    mutating func string(_ text: String) {
        raw("\"")
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            var index = 0
            while index < utf8.count {
                let byte = utf8[index]
                // Most bytes: printable ASCII, and whatever starts neither a control nor a mark.
                if byte >= 0x20, byte != 0x22, byte != 0x5C, byte < 0x7F || (byte != 0x7F && byte != 0xC2 && byte != 0xD8 && byte != 0xE2) {
                    index += 1
                    continue
                }
                let (scalar, length) = Self.escapable(utf8, at: index)
                guard let scalar else {
                    index += length
                    continue
                }
                bytes.append(contentsOf: utf8[start..<index])
                escape(scalar)
                index += length
                start = index
            }
            bytes.append(contentsOf: utf8[start...])
        }
        raw("\"")
    }

    /// The scalar at `index` if it has to be escaped, and how many bytes it takes.
    private static func escapable(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt16?, length: Int) {
        let byte = utf8[index]
        switch byte {
        case 0xC2:
            let next = utf8[index + 1]
            return (next < 0xA0 ? UInt16(next) : nil, 2)
        case 0xD8:
            return (utf8[index + 1] == 0x9C ? 0x061C : nil, 2)
        case 0xE2:
            let scalar = 0x2000 | UInt16(utf8[index + 1] & 0x3F) << 6 | UInt16(utf8[index + 2] & 0x3F)
            switch scalar {
            case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: return (scalar, 3)
            default: return (nil, 3)
            }
        default:
            return (UInt16(byte), 1)
        }
    }

    private mutating func escape(_ scalar: UInt16) {
        switch scalar {
        case 0x22: raw("\\\"")
        case 0x5C: raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        default:
            raw("\\u")
            for shift in [12, 8, 4, 0] as [UInt16] {
                let digit = UInt8(scalar >> shift & 0xF)
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
