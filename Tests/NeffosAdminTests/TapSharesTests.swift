import Testing

@testable import NeffosAdmin

@Suite struct TapSharesTests {
    @Test func `a connection is tapped from the first who wants it to the last`() {
        var shares = TapShares<String>()
        #expect(shares.add(["a", "b"], for: "one") == ["a", "b"])
        #expect(shares.add(["b", "c"], for: "two") == ["c"])
        #expect(shares.isTapping("two", "b"))
        #expect(!shares.isTapping("two", "a"))
        #expect(shares.remove(["b"], of: "one") == [])
        #expect(shares.remove(["b", "zzz"], of: "two") == ["b"])
        #expect(shares.removeAll(of: "two") == ["c"])
        #expect(shares.removeAll(of: "one") == ["a"])
        #expect(shares.isEmpty)
    }

    @Test func `a connection that has ended is nobody's any more`() {
        var shares = TapShares<String>()
        _ = shares.add(["a"], for: "one")
        shares.forget("a")
        #expect(shares.isEmpty)
        #expect(shares.removeAll(of: "one") == [])
    }

    @Test func `one owner's taps are bounded`() {
        var shares = TapShares<String>()
        let most = (1...TapShares<String>.most).map(String.init)
        #expect(shares.add(most, for: "one")?.count == most.count)
        #expect(shares.add(["another"], for: "one") == nil)
        #expect(shares.add(["another"], for: "two") == ["another"])
    }
}
