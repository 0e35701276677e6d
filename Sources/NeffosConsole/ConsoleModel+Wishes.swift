import NeffosFeed
import NeffosObservatory

/// What the view needs beyond what the feed tells. It is asked for only while it is looked at.
extension ConsoleModel {
    enum FigureWish: Sendable, Hashable {
        case of([String])
        /// The order or the filter goes by figures.
        case all
    }

    /// Whose figures are wanted now.
    var figureWish: FigureWish? {
        guard screen == .connections, !isPaused, !isTooSmall, !connections.order.isEmpty else { return nil }
        if connections.sort.isFigure || FigureWords.isIn(connections.filter) { return .all }
        var ids = connections.inView(connectionsLayout.visibleRows)
        if connections.isDetailOpen, let selected = connections.selected, !ids.contains(selected) { ids.append(selected) }
        return .of(ids)
    }

    /// Whose request and headers are wanted now.
    var detailWish: String? {
        screen == .connections && connections.isDetailOpen && !isPaused && !isTooSmall ? connections.selected : nil
    }

    /// Whose messages are to be in the feed.
    var tapWish: String? { screen == .connections && connections.isDetailOpen ? connections.tap?.connection : nil }
}

/// Tells whether a filter looks at figures. One that only seems to costs an answer that is larger than needed.
enum FigureWords {
    private static let words = ["idle", "rtt", "in", "out", "messages", "bytes", "bytesin", "bytesout", "queue", "state"]

    static func isIn(_ filter: String) -> Bool {
        guard !filter.isEmpty else { return false }
        var word = ""
        for character in filter.lowercased() {
            if character.isLetter {
                word.append(character)
            } else {
                if ":<>=!".contains(character), words.contains(word) { return true }
                word = ""
            }
        }
        return false
    }
}
