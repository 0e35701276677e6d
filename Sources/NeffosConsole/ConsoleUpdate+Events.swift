/// What only the Events screen does.
enum EventsCommand: Sendable, Hashable { case search, nextHit, previousHit, samples }

extension ConsoleModel {
    /// What the Events screen does with a command; nil where it does nothing of its own with it.
    mutating func updateEvents(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        let page = EventsLayout(size: size, isDetailOpen: events.isDetailOpen).visibleRows
        switch command {
        case .pageUp where events.isDetailOpen: events.detail.move(by: -max(1, page - 1))
        case .pageDown where events.isDetailOpen: events.detail.move(by: max(1, page - 1))
        case .up, .down, .pageUp, .pageDown, .first, .last: events.move(by: Self.rows(command, page: page))
        case .open: events.isDetailOpen = !events.isDetailOpen && events.selected != nil
        case .back: _ = events.back()
        case .filter: events.beginFilter()
        case .events(.search): events.beginSearch()
        case .events(.samples): events.toggleSamples()
        case .events(.nextHit): find(1, observatory, now)
        case .events(.previousHit): find(-1, observatory, now)
        default: return nil
        }
        refresh(from: observatory, now: now)
        return []
    }

    private mutating func find(_ step: Int, _ observatory: any ObservatoryReading, _ now: Duration) {
        if events.search.isEmpty { return events.beginSearch() }
        if !events.find(step, in: observatory.recentEvents) {
            notice = Notice(text: "none of these events has the text looked for", until: now + Self.noticing)
        }
    }
}
