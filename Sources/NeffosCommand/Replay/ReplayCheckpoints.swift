import NeffosObservatory

/// Copies of what a tape had come to at some of its places, so that going back does not mean starting over. Bounded in number and in
/// connections held: when there are too many, every second one goes, and new ones are made half as often.
struct ReplayCheckpoints: Sendable {
    /// What is needed to go on from a place.
    struct Checkpoint: Sendable {
        var observatory: Observatory
        var timeline: ReplayTimeline
        /// Where the next line begins.
        var offset: Int
        /// Entries played so far.
        var entries: Int
    }

    let most: Int
    /// The most connections, and kept events, of all of them together: about 400 bytes each.
    let mostRows: Int
    private(set) var interval: Int
    private(set) var all: [Checkpoint] = []

    init(first: Checkpoint, interval: Int = 2_000, most: Int = 64, mostRows: Int = 600_000) {
        all = [first]
        self.interval = max(1, interval)
        self.most = max(2, most)
        self.mostRows = mostRows
    }

    /// Whether one is due after so many entries.
    func isDue(at entries: Int) -> Bool { entries >= (all.last?.entries ?? 0) + interval }

    mutating func add(_ checkpoint: Checkpoint) {
        all.append(checkpoint)
        while all.count > 2, all.count > most || rows > mostRows {
            // The first stays: from there everything can be played.
            all = all.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            interval = interval > Int.max / 4 ? interval : interval * 2
        }
    }

    /// The last one not behind a place of the axis.
    func last(before elapsed: Int) -> Checkpoint? { all.last { $0.timeline.elapsed <= elapsed } }

    /// Room for what is to be kept; a copy costs nothing until the original changes.
    private var rows: Int { all.reduce(0) { $0 + $1.observatory.connectionCount + $1.observatory.recentEvents.count + 500 } }
}
