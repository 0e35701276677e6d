import NeffosFeed

/// The time series of the graphs, all on one axis.
struct Histories: Sendable {
    var opened = RateWindow()
    var closed = RateWindow()
    var returned = RateWindow()
    var probes = RateWindow()
    var rejected = RateWindow()
    private var connections = SecondRing()
    private var messagesIn = SecondRing()
    private var messagesOut = SecondRing()

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

    mutating func setConnections(_ count: Int) { connections[connections.newest] = Double(count) }

    /// A sample tells of the second before it.
    mutating func add(_ sample: FeedEvent.Sample, at second: Int64) {
        messagesIn[second - 1] = sample.messagesInPerSecond
        messagesOut[second - 1] = sample.messagesOutPerSecond
    }

    /// Connections at the end of a second so many seconds ago.
    func connections(secondsAgo: Int) -> Int { Int(connections[connections.newest - Int64(secondsAgo)]) }

    func history(_ series: Series, _ buckets: Int) -> [Double] {
        switch series {
        case .connections: connections.history(buckets)
        case .opened: opened.ring.history(buckets)
        case .closed: closed.ring.history(buckets)
        case .returned: returned.ring.history(buckets)
        case .probes: probes.ring.history(buckets)
        case .rejected: rejected.ring.history(buckets)
        case .messagesIn: messagesIn.history(buckets)
        case .messagesOut: messagesOut.history(buckets)
        }
    }

    /// After a step of the clock backwards: totals and peaks stay.
    mutating func restart() {
        opened.restart()
        closed.restart()
        returned.restart()
        probes.restart()
        rejected.restart()
        connections = SecondRing()
        messagesIn = SecondRing()
        messagesOut = SecondRing()
    }
}
