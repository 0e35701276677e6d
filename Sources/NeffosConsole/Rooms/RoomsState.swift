import NeffosObservatory
import Terminal

/// What the operator chose on the Rooms screen, and the lines of the tree.
struct RoomsState: Sendable {
    /// A namespace, or a room of it.
    struct Place: Sendable, Hashable {
        var namespace: String
        var room: String?
    }

    enum Line: Sendable {
        case namespace(NamespaceRow, isExpanded: Bool)
        case room(RoomRow, isLast: Bool)

        var place: Place {
            switch self {
            case .namespace(let row, _): Place(namespace: row.name)
            case .room(let row, _): Place(namespace: row.namespace, room: row.room)
            }
        }
    }

    /// How often the lines are put in order anew, at most.
    static let refreshing: Duration = .seconds(1)
    /// How long they keep their places after a key that moves among them.
    static let settling: Duration = .seconds(2)
    /// Lines that are made beyond the selected one: a server may have a hundred thousand rooms.
    static let window = 500
    /// A namespace with more rooms than this is folded until it is unfolded.
    static let mostUnfolded = 50
    /// Namespaces whose folding was chosen that are remembered.
    static let mostChoices = 1_000

    private(set) var sort = RoomColumn.members
    private(set) var descending = true
    /// What the names are to have in them.
    private(set) var filter = ""
    var prompt: ViewPrompt?
    /// Those who are in the place that was opened; nil while the tree has the keys.
    var members: RoomMembers?

    /// The lines from the first on; not all of them where there are very many.
    private(set) var lines: [Line] = []
    /// How many there are in all; nil: more than ``lines``.
    private(set) var total: Int?
    private(set) var selected: Place?
    private(set) var selectedIndex = 0
    private(set) var offset = 0
    private var choices: [String: Bool] = [:]
    private var choiceForAll: Bool?
    private var wantsAll = false
    private var orderedAt: Duration?
    private var orderedRevision: UInt64?
    private var settledUntil: Duration = .zero

    /// Takes over what came and went, and keeps the selection in view.
    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, size: Size) {
        let layout = RoomsLayout(size: size, isMembersOpen: members != nil)
        if isDue(observatory.revision, now: now) {
            order(observatory)
            orderedAt = now
            orderedRevision = observatory.revision
        }
        offset = Scroll.offset(offset, selected: selectedIndex, count: lines.count, height: layout.treeRows)
        members?.refresh(from: observatory, now: now, visible: layout.memberRows)
    }

    private func isDue(_ revision: UInt64, now: Duration) -> Bool {
        guard let orderedAt else { return true }
        return now - orderedAt >= Self.refreshing && now >= settledUntil && revision != orderedRevision
    }

    private mutating func order(_ observatory: any ObservatoryReading) {
        let needed = wantsAll ? Int.max : selectedIndex + Self.window
        make(observatory, needed: needed)
        if let selected, let index = lines.firstIndex(where: { $0.place == selected }) {
            selectedIndex = index
        } else {
            // It is gone, or far down: what took its place is the nearest.
            selectedIndex = min(selectedIndex, max(0, lines.count - 1))
            selected = lines.isEmpty ? nil : lines[selectedIndex].place
        }
        if wantsAll, selectedIndex + Self.window < lines.count { wantsAll = false }
    }

    private mutating func make(_ observatory: any ObservatoryReading, needed: Int) {
        lines = []
        var count = 0
        var isWhole = true
        for row in observatory.namespaces(sortedBy: sort, descending: descending, limit: nil) {
            let matches = filter.isEmpty || row.name.contains(filter)
            let isOpen = filter.isEmpty ? isExpanded(row) : true
            let left = needed - lines.count
            guard left > 0 else {
                // What follows is only counted, which needs no line; with a filter not even that.
                isWhole = isWhole && filter.isEmpty
                count += 1 + (isOpen ? row.rooms : 0)
                continue
            }
            let limit = needed == .max ? nil : left - 1
            let rooms =
                isOpen
                ? observatory.rooms(
                    in: row.name, sortedBy: sort, descending: descending, matching: matches ? nil : filter, limit: limit) : []
            guard matches || !rooms.isEmpty else { continue }
            lines.append(.namespace(row, isExpanded: isOpen && row.rooms > 0))
            for (index, room) in rooms.enumerated() {
                lines.append(.room(room, isLast: index == rooms.count - 1 && (limit.map { rooms.count < $0 } ?? true)))
            }
            if matches { count += 1 + (isOpen ? row.rooms : 0) } else { count += 1 + rooms.count }
            if !matches, let limit, rooms.count == limit { isWhole = false }
        }
        total = isWhole ? count : nil
    }

    private func isExpanded(_ row: NamespaceRow) -> Bool { choices[row.name] ?? choiceForAll ?? (row.rooms <= Self.mostUnfolded) }

    // MARK: Choices

    mutating func move(by rows: Int, now: Duration) {
        guard !lines.isEmpty else { return }
        settledUntil = now + Self.settling
        selectedIndex = min(max(0, selectedIndex + rows), lines.count - 1)
        selected = lines[selectedIndex].place
        // Near the end of what was made there is more.
        if selectedIndex + Self.window / 4 > lines.count, lines.count < total ?? .max { orderedAt = nil }
    }

    /// Makes sure that the last line is among those that are made.
    mutating func includeAll() {
        guard lines.count < total ?? .max else { return }
        wantsAll = true
        putInOrder()
    }

    /// Folds or unfolds the namespace of the selected line.
    mutating func fold() {
        guard let selected else { return }
        for case .namespace(let row, let isExpanded) in lines where row.name == selected.namespace {
            if choices.count >= Self.mostChoices { choices = [:] }
            choices[row.name] = !isExpanded
            if isExpanded { self.selected = Place(namespace: row.name) }
        }
        putInOrder()
    }

    /// Folds all, or unfolds them where all are folded.
    mutating func foldAll() {
        let anyOpen = lines.contains { if case .namespace(_, true) = $0 { true } else { false } }
        choices = [:]
        choiceForAll = !anyOpen
        selected = selected.map { Place(namespace: $0.namespace) }
        putInOrder()
    }

    mutating func sortByNextColumn() {
        let all: [RoomColumn] = [.members, .rate, .name]
        sort = all[((all.firstIndex(of: sort) ?? 0) + 1) % all.count]
        descending = sort != .name
        putInOrder()
    }

    mutating func reverse() {
        descending.toggle()
        putInOrder()
    }

    mutating func setFilter(_ text: String) {
        guard text != filter else { return }
        filter = text
        putInOrder()
    }

    mutating func beginFilter() { prompt = ViewPrompt(.filter, text: filter) }

    mutating func type(_ key: Key) {
        guard var prompt else { return }
        let outcome = prompt.update(key)
        self.prompt = outcome == .submitted || outcome == .cancelled ? nil : prompt
        setFilter(outcome == .cancelled ? "" : prompt.text)
    }

    /// Opens the list of those who are in the selected place.
    mutating func openMembers() { members = selected.map { RoomMembers(place: $0) } }

    /// Takes back what was chosen last.
    mutating func back() {
        if members != nil { members = nil } else if !filter.isEmpty { setFilter("") }
    }

    private mutating func putInOrder() {
        orderedAt = nil
        settledUntil = .zero
    }
}
