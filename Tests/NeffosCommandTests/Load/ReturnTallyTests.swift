import Neffos
import Testing

@testable import NeffosCommand

/// Who of the clients that come back by themselves is there.
@Suite struct ReturnTallyTests {
    @Test func `who is cut off and comes back is no drop, and who falls out by itself is one`() {
        let tally = ReturnTally()
        #expect(tally.cut(1) && !tally.cut(1))
        #expect(tally.changed(1, .waiting(tries: 1)) && !tally.changed(1, .probing))
        #expect(tally.changed(2, .closed(.triesExhausted)))
        #expect(!tally.changed(1, .connected("one")))
        #expect(tally.now.cuts == 1 && tally.now.returned == 1 && tally.now.drops == 1)
        #expect(tally.now.away.keys.sorted() == [2])
    }

    @Test func `a client that is closed by us has not fallen out`() {
        let tally = ReturnTally()
        #expect(!tally.changed(1, .closed(.requested)))
        #expect(tally.now.drops == 0 && tally.now.away.isEmpty)
    }

    @Test func `all are given up only after they were away for the whole time at once`() {
        let start = ContinuousClock.now
        var desertion = Desertion(patience: .seconds(5))
        func isOver(_ isAnybodyThere: Bool, after seconds: Int) -> Bool {
            desertion.isOver(isAnybodyThere: isAnybodyThere, at: start + .seconds(seconds))
        }
        #expect(!isOver(true, after: 0))
        #expect(!isOver(false, after: 10))
        #expect(!isOver(false, after: 15))
        #expect(!isOver(true, after: 16))
        #expect(!isOver(false, after: 17))
        #expect(!isOver(false, after: 22))
        #expect(isOver(false, after: 23))
    }
}
