import NIOHTTP1

/// The request that a connection began with: its target and headers, kept in one piece of memory for as long as the connection lives.
public struct RequestInfo: Sendable, Equatable {
    /// Lines: the target, then `name:value` for each header. Nothing that a line is made of can hold a line feed.
    private let lines: [UInt8]

    static let none = RequestInfo(lines: [])

    private init(lines: [UInt8]) { self.lines = lines }

    /// - Parameter given: headers that came as URL parameters (protocol section 1), by lower-case name.
    init(target: some StringProtocol, headers: HTTPHeaders, given: [String: String] = [:]) {
        var length = target.utf8.count
        for header in headers { length += header.name.utf8.count + header.value.utf8.count + 2 }
        for (name, value) in given { length += name.utf8.count + value.utf8.count + 2 }
        // Exactly as long as it is: it stays as long as its connection.
        lines = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            func add(_ text: some StringProtocol) {
                for byte in text.utf8 {
                    buffer[count] = byte == Self.lineFeed ? UInt8(ascii: " ") : byte
                    count += 1
                }
            }
            func add(_ byte: UInt8) {
                buffer[count] = byte
                count += 1
            }
            add(target)
            for (name, value) in headers {
                add(Self.lineFeed)
                add(name)
                add(Self.colon)
                add(value)
            }
            for (name, value) in given where !headers.contains(name: name) {
                add(Self.lineFeed)
                add(name)
                add(Self.colon)
                add(value)
            }
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let colon = UInt8(ascii: ":")

    /// What stood after the method: the path and, after a `?`, the query.
    public var target: String { String(decoding: lines.prefix { $0 != Self.lineFeed }, as: UTF8.self) }

    /// The first header of this name, in any letter case; nil if there is none.
    public subscript(name: String) -> String? { values(of: name).first }

    /// All headers of this name, in any letter case.
    public func values(of name: String) -> [String] {
        let wanted = Array(name.utf8)
        return headerLines.compactMap { line in
            guard line.count > wanted.count, line[line.startIndex + wanted.count] == Self.colon,
                zip(line, wanted).allSatisfy({ $0.asciiLowercase == $1.asciiLowercase })
            else { return nil }
            return String(decoding: line.dropFirst(wanted.count + 1), as: UTF8.self)
        }
    }

    /// All headers, in their order.
    public var headers: [(name: String, value: String)] {
        headerLines.map { line in
            let end = line.firstIndex(of: Self.colon) ?? line.endIndex
            return (String(decoding: line[..<end], as: UTF8.self), String(decoding: line[end...].dropFirst(), as: UTF8.self))
        }
    }

    private var headerLines: some Sequence<ArraySlice<UInt8>> {
        lines.split(separator: Self.lineFeed, omittingEmptySubsequences: false).dropFirst()
    }
}

extension UInt8 {
    fileprivate var asciiLowercase: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
