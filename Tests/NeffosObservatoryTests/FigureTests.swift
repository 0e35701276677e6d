import NeffosFeed
import NeffosObservatory
import Testing
import TestSupport

@Suite struct FigureTests {
    private func player(_ count: Int) -> TapePlayer {
        var player = TapePlayer()
        player.start()
        for number in 0..<count { player.come("c\(number)", key: "k\(number)") }
        return player
    }

    @Test func `figures that were asked for stand in the row, with rates since the last time`() throws {
        var player = player(2)
        #expect(player.observatory.connection("c0")?.figures == nil)
        let before = player.observatory.revision
        player.observatory.take(
            [
                .init(
                    connection: "c0", messagesIn: 10, messagesOut: 20, bytesIn: 1_000, bytesOut: 2_000, queuedBytes: 7, idle: 40,
                    roundTrip: 1_500)
            ],
            at: player.time)
        #expect(player.observatory.revision > before)
        #expect(player.observatory.connection("c0")?.rateIn == 0)
        player.after(2_000)
        player.observatory.take(
            [.init(connection: "c0", messagesIn: 30, messagesOut: 25, bytesIn: 5_000, bytesOut: 2_000, idle: 10)], at: player.time)
        let row = try #require(player.observatory.connection("c0"))
        #expect(row.messagesIn == 30)
        #expect(row.messagesOut == 25)
        #expect(row.bytesIn == 5_000)
        #expect(row.rateIn == 10)
        #expect(row.rateOut == 2.5)
        #expect(row.byteRateIn == 2_000)
        #expect(row.byteRateOut == 0)
        #expect(row.queuedBytes == 0)
        #expect(row.idle == 10)
        #expect(row.roundTrip == nil)
        #expect(player.observatory.connection("c1")?.figures == nil)
    }

    @Test func `figures go with their connection, and others keep theirs`() throws {
        var player = player(3)
        player.observatory.take((0..<3).map { .init(connection: "c\($0)", messagesIn: $0 + 1) }, at: player.time)
        player.close("c0")
        #expect(player.observatory.connection("c1")?.messagesIn == 2)
        #expect(player.observatory.connection("c2")?.messagesIn == 3)
        // One that came after the figures has none, and takes those of nobody.
        player.come("c0", key: "k0")
        player.close("c2")
        #expect(player.observatory.connection("c0")?.figures == nil)
        #expect(player.observatory.connection("c1")?.messagesIn == 2)
        player.observatory.take([.init(connection: "gone", messagesIn: 9)], at: player.time)
        #expect(player.observatory.connection("c0")?.figures == nil)
    }

    @Test func `figures that nobody asked for again say nothing of now`() {
        var player = player(1)
        player.observatory.take([.init(connection: "c0", messagesIn: 1)], at: player.time)
        player.after(15_000)
        #expect(player.observatory.connection("c0")?.messagesIn == 1)
        player.after(1)
        #expect(player.observatory.connection("c0")?.figures == nil)
    }

    @Test func `two answers that are too close together make no rate of their own`() {
        var player = player(1)
        player.observatory.take([.init(connection: "c0", messagesIn: 0)], at: player.time)
        player.after(1_000)
        player.observatory.take([.init(connection: "c0", messagesIn: 50)], at: player.time)
        player.skip(1)
        player.observatory.take([.init(connection: "c0", messagesIn: 60)], at: player.time)
        #expect(player.observatory.connection("c0")?.rateIn == 50)
    }

    @Test func `a connection that was counted anew has no negative rate`() {
        var player = player(1)
        player.observatory.take([.init(connection: "c0", messagesIn: 1_000)], at: player.time)
        player.after(1_000)
        player.observatory.take([.init(connection: "c0", messagesIn: 3)], at: player.time)
        #expect(player.observatory.connection("c0")?.rateIn == 0)
    }

    @Test(arguments: [Int.max, Int.min])
    func `figures that cannot be are taken as the nearest that can`(value: Int) {
        var player = player(1)
        for _ in 0..<2 {
            player.observatory.take(
                [
                    .init(
                        connection: "c0", messagesIn: value, messagesOut: value, bytesIn: value, bytesOut: value, queuedBytes: value,
                        idle: value, roundTrip: value)
                ], at: player.time)
            player.after(1_000)
        }
        #expect(player.observatory.connection("c0")?.messagesIn == max(0, value))
    }

    @Test func `the state is the worst of what is known`() {
        var player = player(6)
        player.open("new")
        player.play(.protocolViolation(.init(connection: "c1", kind: "frame", detail: "why")))
        func figures(_ id: String, _ queued: Int, _ idle: Int) -> ConnectionFigures {
            .init(connection: id, messagesIn: 1, queuedBytes: queued, idle: idle)
        }
        player.after(61_000)
        player.observatory.take(
            [
                figures("c1", 300_000, 0), figures("c2", 0, 40_000), figures("c3", 0, 61_000), figures("c4", 0, 5),
                figures("new", 300_000, 0),
            ], at: player.time)
        func state(_ id: String) -> ConnectionState? { player.observatory.connection(id)?.state }
        #expect(state("c0") == .active)
        #expect(state("c1") == .slow)
        #expect(state("c2") == .silent)
        #expect(state("c3") == .silent)
        #expect(state("c4") == .active)
        #expect(state("new") == .unacknowledged)
        let order = player.observatory.connections(sortedBy: .state, descending: true).map(\.id)
        #expect(order == ["c1", "c2", "c3", "new", "c0", "c4", "c5"])
        // A minute later it answers, but says nothing: it is idle.
        for _ in 0..<6 {
            player.after(10_000)
            player.observatory.take([figures("c4", 0, 5)], at: player.time)
        }
        #expect(state("c4") == .idle)
        #expect(state("c1") == .violating)
    }

    @Test(arguments: [
        (ConnectionColumn.messagesIn, "c0"), (.messagesOut, "c1"), (.bytesIn, "c2"), (.bytesOut, "c3"), (.rateIn, "c4"), (.rateOut, "c5"),
        (.roundTrip, "c6"), (.queue, "c7"), (.idle, "c8"),
    ])
    func `rows can be sorted by every figure, and who has none is the least`(column: ConnectionColumn, first: String) {
        var player = player(10)
        func take(_ messages: Int) {
            player.observatory.take(
                (0..<9).map {
                    .init(
                        connection: "c\($0)", messagesIn: $0 == 0 ? 1_000 : $0 == 4 ? messages : 1,
                        messagesOut: $0 == 1 ? 1_000 : $0 == 5 ? messages : 1, bytesIn: $0 == 2 ? 9 : 1, bytesOut: $0 == 3 ? 9 : 1,
                        queuedBytes: $0 == 7 ? 9 : 1, idle: $0 == 8 ? 9 : 1, roundTrip: $0 == 6 ? 9 : 1)
                }, at: player.time)
        }
        take(2)
        player.after(1_000)
        take(500)
        #expect(column.isFigure)
        #expect(player.observatory.connections(sortedBy: column, descending: true, limit: 1).map(\.id) == [first])
        #expect(player.observatory.connectionIDs(sortedBy: column, descending: false).first == "c9")
    }
}
