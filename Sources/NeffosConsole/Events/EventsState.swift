import NeffosFeed
import NeffosObservatory
import Terminal

/// What the operator chose on the Events screen, and which of the kept events pass.
struct EventsState: Sendable {
    /// Names of connections that are remembered for each event that is kept.
    static let mostNames = 20_000

    /// As it was typed, while it is a filter.
    private(set) var filter = ""
    private var query: Query?
    private(set) var search = ""
    var prompt: ViewPrompt?
    private(set) var showsSamples = false
    /// Whether the newest is always in view.
    private(set) var isFollowing = true
    var isDetailOpen = false
    var detail = Pager()

    /// The numbers of the events that pass, oldest first.
    private(set) var shown: [Int] = []
    /// The number of the selected one.
    private(set) var selected: Int?
    /// Where it stands in ``shown``.
    private(set) var selectedIndex = 0
    /// The first one in view, in ``shown``.
    private(set) var offset = 0
    /// Events up to this number were looked at.
    private var checked = 0
    /// The keys of connections that opened, by their id: most events tell only that.
    private var names: [String: String] = [:]
    private var visible = 1

    /// Takes over what came and went, and keeps the selection in view.
    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, size: Size) {
        let layout = EventsLayout(size: size, isDetailOpen: isDetailOpen)
        visible = layout.visibleRows
        take(observatory.recentEvents)
        if isFollowing || shown.isEmpty {
            selectedIndex = max(0, shown.count - 1)
        } else if let selected {
            // Its place, or that of the next one that is still kept.
            selectedIndex = min(firstIndex(from: selected), shown.count - 1)
        }
        let before = selected
        selected = shown.isEmpty ? nil : shown[selectedIndex]
        if selected != before { detail = Pager() }
        offset = Scroll.offset(offset, selected: selectedIndex, count: shown.count, height: visible)
        if isDetailOpen, let entry = selected.flatMap(observatory.recentEvents.entry) {
            let rect = layout.detail
            detail.clamp(
                count: EventDetail.lines(entry, columns: rect.columns, ascii: false).count, visible: EventDetail.visibleRows(in: rect))
        }
    }

    private mutating func take(_ log: EventLog) {
        if log.taken < checked { forget() }
        for number in max(checked, log.firstNumber)..<max(checked, log.taken) {
            guard let entry = log.entry(number: number) else { continue }
            learn(entry.event)
            if passes(entry.event) { shown.append(number) }
        }
        checked = max(checked, log.taken)
        let gone = firstIndex(from: log.firstNumber)
        if gone > 0 { shown.removeFirst(gone) }
    }

    /// A loss of events concerns everybody, whatever is looked for.
    private func passes(_ event: FeedEvent) -> Bool {
        switch event.kind {
        case .feedGap: true
        case .sample where !showsSamples: false
        default: query?.matches(event) ?? true
        }
    }

    private mutating func learn(_ event: FeedEvent) {
        guard case .connectionOpened(let opened) = event.kind, let key = opened.key else { return }
        if names.count >= Self.mostNames { names.removeAll(keepingCapacity: true) }
        names[opened.connection] = String(key.prefix(200))
    }

    func name(of connection: String) -> String? { names[connection] }

    /// The first place in ``shown`` with this number or a later one.
    private func firstIndex(from number: Int) -> Int {
        var (low, high) = (0, shown.count)
        while low < high {
            let middle = (low + high) / 2
            if shown[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// All are looked at again with the next refresh.
    private mutating func forget() {
        shown = []
        checked = 0
    }

    // MARK: Choices

    mutating func move(by rows: Int) {
        guard !shown.isEmpty else { return }
        let index = min(max(0, selectedIndex + rows), shown.count - 1)
        isFollowing = index == shown.count - 1 && rows > 0
        selectedIndex = index
        selected = shown[index]
        detail = Pager()
    }

    mutating func toggleSamples() {
        showsSamples.toggle()
        forget()
    }

    /// What is no filter yet changes nothing.
    mutating func setFilter(_ text: String) {
        guard text != filter, let query = try? Query(parsing: text) else { return }
        filter = text
        self.query = query.isEmpty ? nil : query
        forget()
    }

    mutating func beginFilter() { prompt = ViewPrompt(.filter, text: filter, isQuery: true) }
    mutating func beginSearch() { prompt = ViewPrompt(.search, text: search) }

    mutating func type(_ key: Key) {
        guard var prompt else { return }
        let outcome = prompt.update(key)
        self.prompt = outcome == .submitted || outcome == .cancelled ? nil : prompt
        let text = outcome == .cancelled ? "" : prompt.text
        switch prompt.purpose {
        case .filter: setFilter(text)
        case .search: search = text
        }
    }

    /// Takes back what was chosen last; false where nothing was.
    mutating func back() -> Bool {
        if isDetailOpen {
            isDetailOpen = false
        } else if !search.isEmpty {
            search = ""
        } else if !filter.isEmpty {
            setFilter("")
        } else {
            return false
        }
        return true
    }

    /// Goes to the next event, or the one before, in which the searched text stands; round from the end to the beginning. False where there is none.
    mutating func find(_ step: Int, in log: EventLog) -> Bool {
        guard !search.isEmpty, !shown.isEmpty else { return false }
        for distance in 1...shown.count {
            let index = (selectedIndex + (step * distance) % shown.count + shown.count) % shown.count
            guard let entry = log.entry(number: shown[index]), isHit(entry) else { continue }
            isFollowing = false
            selectedIndex = index
            selected = shown[index]
            detail = Pager()
            return true
        }
        return false
    }

    /// Whether the searched text stands anywhere in an event, or is the name of its connection.
    func isHit(_ entry: FeedEntry) -> Bool {
        guard !search.isEmpty else { return false }
        var bytes: [UInt8] = []
        JSONLines.append(entry, to: &bytes)
        let line = String(decoding: bytes, as: UTF8.self).lowercased()
        let wanted = search.lowercased()
        if line.contains(wanted) { return true }
        return EventText.connection(of: entry.event).flatMap(name)?.lowercased().contains(wanted) ?? false
    }
}
