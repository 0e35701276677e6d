import NeffosFeed

/// The time series of the graphs, all on one axis.
struct Histories: Sendable {
    var opened = RateWindow()
    var closed = RateWindow()
    var returned = RateWindow()
    var probes = RateWindow()
    var rejected = RateWindow()
    var connections = SeriesRings()
    var messagesIn = SeriesRings()
    var messagesOut = SeriesRings()

    mutating func advance(to second: Int64, connections count: Int) {
        opened.advance(to: second)
        closed.advance(to: second)
        returned.advance(to: second)
        probes.advance(to: second)
        rejected.advance(to: second)
        connections.advance(to: second, filling: Double(count))
        messagesIn.advance(to: second)
        messagesOut.advance(to: second)
    }

    mutating func setConnections(_ count: Int) { connections.seconds[connections.seconds.newest] = Double(count) }

    /// A sample tells of the second before it.
    mutating func add(_ sample: FeedEvent.Sample, at second: Int64) {
        messagesIn.seconds[second - 1] = sample.messagesInPerSecond
        messagesOut.seconds[second - 1] = sample.messagesOutPerSecond
    }

    /// Connections at the end of a second so many seconds ago.
    func connections(secondsAgo: Int) -> Int { Int(connections.seconds[connections.seconds.newest - Int64(secondsAgo)]) }

    func rings(_ series: Series) -> SeriesRings {
        switch series {
        case .connections: connections
        case .opened: opened.rings
        case .closed: closed.rings
        case .returned: returned.rings
        case .probes: probes.rings
        case .rejected: rejected.rings
        case .messagesIn: messagesIn
        case .messagesOut: messagesOut
        }
    }

    /// After a step of the clock backwards: totals and peaks stay.
    mutating func restart() {
        opened.restart()
        closed.restart()
        returned.restart()
        probes.restart()
        rejected.restart()
        connections = SeriesRings()
        messagesIn = SeriesRings()
        messagesOut = SeriesRings()
    }
}
