import NeffosFeed

/// When a tape begins and ends, found without reading what is between.
struct TapeBounds: Sendable, Hashable {
    var first: FeedTime
    var last: FeedTime

    /// Nil where there is no event in it; `problems` then says what there is instead.
    static func of(_ tape: some TapeBytes, problems: inout TapeProblems) -> TapeBounds? {
        var cursor = TapeCursor(tape)
        let first = cursor.next()
        problems = cursor.problems
        guard let first else { return nil }
        var last = first.event.time
        // The last lines; more of them where those are no events.
        var window = 64 << 10
        while true {
            let start = max(cursor.offset, tape.size - window)
            var found = false
            var end = TapeCursor(tape, at: start)
            while let entry = end.next() {
                last = max(last, entry.event.time)
                found = true
            }
            if found || start == cursor.offset { break }
            window *= 16
        }
        return TapeBounds(first: first.event.time, last: last)
    }
}
