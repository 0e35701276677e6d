import NeffosFeed
import Testing

@testable import NeffosObservatory

@Suite struct CompactTests {
    @Test(arguments: [
        "0a77b04b-0743-40ee-91c4-5e3f6a7b8c9d", "0A77B04B-0743-40EE-91C4-5E3F6A7B8C9D", "0a77b04b-0743-40ee-91c4-5e3f6a7b8c9", "",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000", "0a77b04b-0743-40ee-91c4-5e3f6a7b8c9g",
        "0a77b04b00743-40ee-91c4-5e3f6a7b8c9d", "0a77b04b-0743-40ee-91c4-5e3f6a7b8c9é", "kiosk-12",
    ])
    func `a name is the same text again`(text: String) {
        let name = CompactName(text)
        #expect(name.string == text)
        #expect(name == CompactName(text))
        #expect(name.withUTF8 { Array($0) } == Array(text.utf8))
    }

    @Test func `a UUID needs no text`() {
        guard case .uuid(let high, let low) = CompactName("0a77b04b-0743-40ee-91c4-5e3f6a7b8c9d") else {
            Issue.record("it is one")
            return
        }
        #expect(high == 0x0a77_b04b_0743_40ee)
        #expect(low == 0x91c4_5e3f_6a7b_8c9d)
    }

    @Test(arguments: [
        "10.0.0.1:5000", "255.255.255.255:65535", "0.0.0.0:0", "10.0.0.1:65536", "256.0.0.1:1", "10.0.0.01:1", "10.0.0.1", "10.0.0.1:",
        "10.0.0.1:05", "10.0.0:1", "10.0.0.1.2:3", "[::1]:9", "", ":", "....:", "99999999999999999999", "hostile\u{1B}[2J", "10.0.0.1:1 ",
    ])
    func `an address is the same text again`(text: String) {
        let remote = CompactRemote(text)
        #expect(remote.string == text)
        #expect(remote.withUTF8 { Array($0) } == Array(text.utf8))
        #expect(remote.address == BoundedText.address(of: text))
    }

    @Test func `names are ordered as their texts are, and addresses by number`() {
        var random = Seeded(3)
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" })
        }
        var names = (0..<200).map { _ in [8, 4, 4, 4, 12].map(digits).joined(separator: "-") }
        names += (0..<100).map { _ in digits(Int.random(in: 1...40, using: &random)) }
        #expect(names.map { CompactName($0) }.sorted().map(\.string) == names.sorted())
        let remotes = ["9.0.0.1:1", "10.0.0.9:80", "10.0.0.10:9", "10.0.0.10:80", "[::1]:5", "a"]
        #expect(remotes.shuffled(using: &random).map { CompactRemote($0) }.sorted().map(\.string) == remotes)
    }

    @Test(arguments: [(1_000, 3), (1_000, 1_000_000), (5_000, 10), (5_000, 1)])
    func `the first few of many are those of the whole order, equals too`(count: Int, values: Int) {
        var random = Seeded(4)
        let elements = (0..<count).map { ($0, Int.random(in: 0..<values, using: &random)) }
        func precedes(_ left: (Int, Int), _ right: (Int, Int)) -> Bool { left.1 != right.1 ? left.1 < right.1 : left.0 < right.0 }
        let all = elements.sorted(by: precedes).map(\.0)
        for limit in [1, 100, 256, 257, 500, 999] {
            #expect(Selection.first(limit, of: elements, by: precedes).map(\.0) == Array(all[..<limit]))
        }
    }

    @Test(arguments: 0..<6)
    func `the index finds what a dictionary finds`(seed: Int) {
        var random = Seeded(UInt64(seed))
        // Few hashes, so that many names meet in one place.
        let spread = [1, 3, 64, 1_000, 100_000, Int.max][seed]
        func hash(_ value: Int) -> Int { (value &* 0x9e37_79b9) % spread }
        var values: [Int] = []
        var table = IndexTable()
        var places: [Int: Int] = [:]
        for _ in 0..<4_000 {
            let value = Int.random(in: 0..<600, using: &random)
            if let index = places[value] {
                table.remove(index) { hash(values[$0]) }
                places[value] = nil
                let last = values.count - 1
                if index != last {
                    table.renumber(last, to: index, hash: hash(values[last]))
                    places[values[last]] = index
                    values[index] = values[last]
                }
                values.removeLast()
            } else {
                values.append(value)
                places[value] = values.count - 1
                table.insert(values.count - 1, hash: hash(value)) { hash(values[$0]) }
            }
            let other = Int.random(in: 0..<600, using: &random)
            #expect(table.find(hash(other)) { values[$0] == other } == places[other])
            #expect(table.count == places.count)
        }
    }

    @Test func `a key that is made of address and agent takes no memory, and is the same text`() {
        var table = ConnectionTable()
        func open(_ id: String, _ key: String?, _ remote: String, _ agent: String?) -> String? {
            table.open(.init(connection: id, key: key, remote: remote, userAgent: agent, tries: 0), at: .init(milliseconds: 1))
            return table.index(of: id).flatMap { table.key(of: table.records[$0]) }
        }
        #expect(open("a", "10.0.0.1 node", "10.0.0.1:5", "node") == "10.0.0.1 node")
        #expect(open("b", "::1", "[::1]:5", nil) == "::1")
        #expect(table.records.map(\.ownKey) == [nil, nil])
        #expect(open("c", "alice", "10.0.0.1:5", "node") == "alice")
        #expect(open("d", nil, "10.0.0.1:5", "node") == nil)
        let long = String(repeating: "x", count: 400)
        #expect(open("e", "10.0.0.1 " + long, "10.0.0.1:5", long)?.hasPrefix("10.0.0.1 xxx") == true)
    }
}
