import NeffosFeed

// The figures of connections that a query asks for, where the model has them.

extension ConnectionRow {
    var latestFigures: ConnectionFigures? { nil }
}

extension ConnectionTable {
    func latestFigures(of index: Int) -> ConnectionFigures? { nil }
}
