import NeffosFeed

/// Messages and bytes: exact for closed connections, from the samples for those still open.
struct MessageTotals: Sendable {
    /// Messages in and out, bytes in and out.
    var closed = [0, 0, 0, 0]
    var sampled = [0.0, 0.0, 0.0, 0.0]
    var peakIn = 0.0
    var peakOut = 0.0

    /// A tape can hold any number.
    private static func sum(_ total: Int, _ more: Int) -> Int { total + min(max(0, more), (1 << 53) - min(total, 1 << 53)) }

    mutating func add(_ end: FeedEvent.ConnectionClosed) {
        closed[0] = MessageTotals.sum(closed[0], end.messagesIn)
        closed[1] = MessageTotals.sum(closed[1], end.messagesOut)
        closed[2] = MessageTotals.sum(closed[2], end.bytesIn)
        closed[3] = MessageTotals.sum(closed[3], end.bytesOut)
    }

    mutating func add(_ sample: FeedEvent.Sample) {
        sampled[0] += sample.messagesInPerSecond
        sampled[1] += sample.messagesOutPerSecond
        sampled[2] += sample.bytesInPerSecond
        sampled[3] += sample.bytesOutPerSecond
        peakIn = max(peakIn, sample.messagesInPerSecond)
        peakOut = max(peakOut, sample.messagesOutPerSecond)
    }

    func fill(_ summary: inout Summary, isEmpty: Bool) {
        func total(_ index: Int) -> Int {
            // A sample can be no number when the tape is hostile.
            let sampled = sampled[index].isFinite ? Int(min(max(0, sampled[index].rounded()), 1e18)) : 0
            return isEmpty && closed[index] > 0 ? closed[index] : max(closed[index], sampled)
        }
        summary.totals.messagesIn = total(0)
        summary.totals.messagesOut = total(1)
        summary.totals.bytesIn = total(2)
        summary.totals.bytesOut = total(3)
        summary.peaks.messagesInPerSecond = peakIn
        summary.peaks.messagesOutPerSecond = peakOut
    }
}
