import Testing

@testable import NeffosCommand

@Suite struct DeliveryOrderTests {
    private func order(_ numbers: Int...) -> DeliveryOrder {
        var order = DeliveryOrder()
        for number in numbers { order.take(number) }
        return order
    }

    @Test func `a series that comes whole has lost nothing`() {
        let order = order(0, 1, 2, 3)
        #expect(order.received == 4)
        #expect(order.lost(of: 4) == 0)
        #expect(order.duplicates == 0)
        #expect(order.outOfOrder == 0)
    }

    @Test func `what is missing in the middle and at the end is lost`() {
        let order = order(0, 3, 4)
        #expect(order.lost(of: 7) == 4)
        #expect(order.received == 3)
    }

    @Test func `what came before the first is missing too`() { #expect(order(5).lost(of: 6) == 5) }

    @Test func `nothing came at all`() { #expect(DeliveryOrder().lost(of: 9) == 9) }

    @Test func `one that comes late is out of order, and not lost`() {
        let order = order(0, 2, 4, 1, 3)
        #expect(order.outOfOrder == 2)
        #expect(order.lost(of: 5) == 0)
        #expect(order.received == 5)
    }

    @Test func `one that comes again is a double, late ones too`() {
        let order = order(0, 1, 1, 3, 2, 2, 0)
        #expect(order.duplicates == 3)
        #expect(order.received == 4)
        #expect(order.outOfOrder == 1)
    }

    @Test func `what passes while the receiver is away is not lost`() {
        var order = order(0, 1)
        order.leave()
        #expect(order.lost(of: 8) == 0)
        order.take(5)
        order.take(7)
        #expect(order.missedWhileAway == 3)
        #expect(order.lost(of: 9) == 2)
    }

    @Test func `gaps are remembered up to a bound, and counted beyond it`() {
        var order = DeliveryOrder()
        let count = 2 * DeliveryOrder.mostGaps
        for number in 0..<count { order.take(2 * number + 1) }
        #expect(order.lost(of: 2 * count) == count)
        // The newest gap is known still, the first one no longer.
        order.take(2 * count - 2)
        #expect(order.outOfOrder == 1)
        order.take(0)
        #expect(order.duplicates == 1)
        #expect(order.lost(of: 2 * count) == count - 1)
    }
}
