import NeffosObservatory
import Testing

@Suite struct NaturalOrderTests {
    private func sorted(_ names: [String]) -> [String] { names.sorted(by: NaturalOrder.precedes) }

    @Test func `numbers in names stand in the order of their value`() {
        let names = ["user", "user-2", "user-10", "user-10-a", "user-10-b9", "user-10-b10", "user-100", "users"]
        #expect(sorted(names.reversed()) == names)
        #expect(sorted(["10.0.0.10:5", "10.0.0.9:443", "9.0.0.1"]) == ["9.0.0.1", "10.0.0.9:443", "10.0.0.10:5"])
        #expect(sorted(["", "10", "9", "0"]) == ["", "0", "9", "10"])
    }

    @Test func `what is no digit stands byte by byte`() {
        let names = ["!", "1", "10", ":", "A", "Z", "a", "é", "中", "👩"]
        #expect(sorted(names.reversed()) == names)
        // Other digits than those of ASCII are letters like any other.
        #expect(NaturalOrder.precedes("٣", "٤") && NaturalOrder.precedes("٢٢", "٣"))
    }

    @Test func `names of the same numbers are in plain order, and only a name itself is equal`() {
        let names = ["a002", "a02", "a2", "a02b", "a2b"]
        #expect(sorted(names.reversed()) == names)
        #expect(sorted(["00", "", "0", "000"]) == ["", "0", "00", "000"])
        // Two spellings of one letter.
        #expect(NaturalOrder.precedes("e\u{301}", "\u{e9}"))
        #expect(!NaturalOrder.precedes("\u{e9}", "e\u{301}"))
        for name in names { #expect(!NaturalOrder.precedes(name, name)) }
    }

    @Test func `a number may have any length`() {
        let nines = String(repeating: "9", count: 200_000)
        let longer = "1" + String(repeating: "0", count: 200_000)
        let zeros = String(repeating: "0", count: 200_000)
        #expect(NaturalOrder.precedes("u" + nines, "u" + longer))
        #expect(!NaturalOrder.precedes("u" + longer, "u" + nines))
        #expect(NaturalOrder.precedes("u" + longer + "1", "u" + longer + "2"))
        #expect(NaturalOrder.precedes("u" + zeros + "1", "u2"))
        #expect(!NaturalOrder.precedes("u2", "u" + zeros + "1"))
        #expect(NaturalOrder.precedes("u" + zeros + "1", "u1"))
    }

    @Test(arguments: 0..<4)
    func `of any two names one stands first, and the order is one order`(seed: Int) {
        var random = Seeded(UInt64(seed))
        let pieces = ["0", "1", "2", "9", "00", "10", "a", "-", ":", "é", "\u{0}"]
        let names = (0..<60).map { _ in
            (0..<Int.random(in: 0...4, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
        }
        for one in names {
            for other in names {
                let isSame = one.utf8.elementsEqual(other.utf8)
                #expect(NaturalOrder.precedes(one, other) != NaturalOrder.precedes(other, one) || isSame)
                guard NaturalOrder.precedes(one, other) else { continue }
                #expect(!isSame)
                for third in names where NaturalOrder.precedes(other, third) { #expect(NaturalOrder.precedes(one, third)) }
            }
        }
    }
}
