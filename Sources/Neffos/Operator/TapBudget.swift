import NIOCore

/// How many of a connection's messages are shown: no more than a reader could follow, and the rest counted. Pure: time is passed in.
struct TapBudget {
    /// console.md, section 2.
    static let most = 100
    static let within = TimeAmount.milliseconds(500)

    private var since = NIODeadline.uptimeNanoseconds(0)
    private var shown = 0
    private var skipped = 0

    /// A message comes.
    ///
    /// - Returns: how many were passed over since the last one that was shown; nil where this one is passed over, too.
    mutating func take(at now: NIODeadline) -> Int? {
        if now - since >= Self.within {
            since = now
            shown = 0
        }
        guard shown < Self.most else {
            skipped += 1
            return nil
        }
        shown += 1
        defer { skipped = 0 }
        return skipped
    }
}
