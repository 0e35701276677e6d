/// An input, from which choices are taken at the front. Where it is used up, every choice is the first.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func flag() -> Bool { byte() & 1 != 0 }

    /// 0 ..< count
    mutating func below(_ count: Int) -> Int { Int(byte()) % count }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// As many bytes as the next one says, `most` at most.
    mutating func bytes(most: Int) -> [UInt8] {
        let taken = rest.prefix(below(most + 1))
        rest = rest.dropFirst(taken.count)
        return Array(taken)
    }
}
