import NeffosObservatory

/// What the operator chose on the Connections screen, and the order in which the rows stand.
struct ConnectionsState: Sendable {
    /// How long rows keep their places after a key that moves among them.
    static let settling: Duration = .seconds(2)
    /// How often the rows are put in order anew, at most.
    static let refreshing: Duration = .seconds(1)

    /// Rows that are put in order where no more are needed. A server may have a hundred thousand, and its feed waits meanwhile; so many are
    /// found by one look at each.
    static let window = 256
    /// Rows that are put in order beyond those in view where more are needed.
    private static let beyond = 128

    /// The id of the selected row: rows may move, the selection stays with its own.
    private(set) var selected: String?
    /// Where it stands in ``order``.
    private(set) var selectedIndex = 0
    /// The first row in view.
    private(set) var offset = 0
    private(set) var sort = ConnectionColumn.key
    private(set) var descending = false
    /// The columns in the order in which they stand.
    var columns = ConnectionField.standard
    /// What the rows in view pass; the text in ``editor`` may be none yet.
    private(set) var filter = ""
    /// While a filter is typed.
    var editor: FilterEditor?
    /// Filters of before, the oldest first.
    var filters: [String] = []
    var marks = RowMarks()
    /// Of ``filter``; nil lets everything pass.
    private(set) var query: Query?
    var search = RowSearch()
    /// Whether figures are shown as they are, and not rounded.
    var isExact = false
    var isDetailOpen = false
    var detail = Pager()
    /// The last events of the selected connection.
    var story = ConnectionStory()
    /// The messages of the selected connection, while they are asked for.
    var tap: MessageTap?
    var isEditingFilter: Bool { editor != nil }

    /// The ids of all rows in the order in which they are shown.
    private(set) var order: [String] = []
    /// Those of ``order`` that are here no more.
    private(set) var gone = GoneRows()
    /// Whether there are more rows than ``order`` has.
    private(set) var isPartial = false
    /// The operator went to the last row: then all of them are needed.
    private var wantsAll = false
    /// A row that has to be among those known.
    private var wanted = 0
    private var orderedAt: Duration?
    private var orderedRevision: UInt64?
    /// Whether rows were held in their places, so that the order is not what the sort would give.
    private var isMerged = false
    private var settledUntil: Duration = .zero

    /// Takes over what came and went, and keeps the selection in view.
    /// - Parameter visible: how many rows fit.
    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, visible: Int) {
        let isSettled = now < settledUntil
        if let orderedAt, now - orderedAt < Self.refreshing || (orderedRevision == observatory.revision && (isSettled || !isMerged)) {
            keepInView(visible)
            return gone.look(at: inView(visible), in: observatory, now: now)
        }
        // All were fetched once already, and the operator has come back to the first ones.
        if wantsAll, !isPartial, selectedIndex < Self.window { wantsAll = false }
        var limit = wantsAll || observatory.connectionCount <= Self.window ? nil : limit(visible)
        var fresh = ids(observatory, limit: limit)
        if limit != nil, let selected, !fresh.contains(selected), observatory.hasConnection(selected) {
            // It is far down among the others now.
            limit = nil
            fresh = ids(observatory, limit: nil)
        }
        isPartial = limit.map { fresh.count >= $0 } ?? false
        isMerged = orderedAt != nil && isSettled
        // Rows in view may have gone since the last look.
        gone.look(at: inView(visible), in: observatory, now: now)
        gone.expire(now: now, observatory.hasConnection)
        order = gone.inserted(into: isMerged ? Self.merge(order, with: fresh) : fresh, from: order)
        wanted = 0
        orderedAt = now
        orderedRevision = observatory.revision
        marks.prune(observatory.hasConnection)
        if let selected, let index = order.firstIndex(of: selected) {
            selectedIndex = index
        } else {
            // Its row is gone: what took its place is the nearest.
            selectedIndex = min(selectedIndex, max(0, order.count - 1))
            take(order.isEmpty ? nil : order[selectedIndex])
        }
        keepInView(visible)
        gone.look(at: inView(visible), in: observatory, now: now)
    }

    private func limit(_ visible: Int) -> Int {
        max(Self.window, max(offset + visible, max(selectedIndex, wanted) + 1) + Self.beyond)
    }

    /// Makes sure that the row at this distance from the selected one is among those known.
    mutating func include(_ rows: Int) {
        guard isPartial, rows > 0, selectedIndex + rows >= order.count - 1 else { return }
        // A key that stands for the last row asks for more than there can be.
        wanted = selectedIndex + min(rows, 10_000)
        orderedAt = nil
    }

    /// Makes sure that the last row is among those known.
    mutating func includeAll() {
        guard isPartial else { return }
        wantsAll = true
        orderedAt = nil
    }

    func ids(_ observatory: any ObservatoryReading, limit: Int?) -> [String] {
        observatory.connectionIDs(sortedBy: sort, descending: descending, matching: query, limit: limit)
    }

    /// Moves the selection by rows and holds the order still for a moment.
    mutating func move(by rows: Int, now: Duration, visible: Int) {
        settledUntil = now + Self.settling
        guard !order.isEmpty else { return }
        selectedIndex = min(max(0, selectedIndex + rows), order.count - 1)
        take(order[selectedIndex])
        keepInView(visible)
    }

    /// Selects a connection wherever it stands; a filter that it may not pass is taken back.
    mutating func show(_ id: String) {
        setFilter("")
        editor = nil
        isDetailOpen = false
        take(id)
        putInOrder()
    }

    /// Another row is selected: what was looked at in the detail is no longer that.
    private mutating func take(_ id: String?) {
        guard id != selected else { return }
        selected = id
        detail = Pager()
        tap = nil
    }

    /// Selects a row of the order.
    mutating func select(_ index: Int, now: Duration, visible: Int) { move(by: index - selectedIndex, now: now, visible: visible) }

    /// Goes to the column on the right, or on the left, among those that are shown and have an order.
    mutating func sort(byStep step: Int) {
        let all = columns.filter { $0.sort != nil }
        guard !all.isEmpty else { return }
        let index = all.firstIndex { $0.sort == sort }.map { $0 + step } ?? 0
        sort(by: all[(index + all.count) % all.count])
    }

    /// Sorts by a column, its own way first; the same again turns it round.
    mutating func sort(by field: ConnectionField) {
        guard let column = field.sort else { return }
        descending = column == sort ? !descending : field.beginsDescending
        sort = column
        gone.forget()
        putInOrder()
    }

    mutating func sort(by field: ConnectionField, descending: Bool) {
        guard let column = field.sort else { return }
        sort = column
        self.descending = descending
        putInOrder()
    }

    /// Marks all rows from the one that was marked last to the selected one.
    mutating func markRange() {
        guard !order.isEmpty else { return }
        let first = marks.last.flatMap { order.firstIndex(of: $0) } ?? selectedIndex
        marks.add(order[min(first, selectedIndex)...max(first, selectedIndex)].filter { gone[$0] == nil })
    }

    mutating func reverse() {
        descending.toggle()
        gone.forget()
        putInOrder()
    }

    /// - Parameter text: a filter. One that is none changes nothing.
    mutating func setFilter(_ text: String) {
        guard text != filter, let query = try? Query(parsing: text) else { return }
        filter = text
        self.query = query.isEmpty ? nil : query
        gone.forget()
        putInOrder()
    }

    /// All rows that pass the filter, whether they are in view or not, in the order of now.
    func allShown(in observatory: any ObservatoryReading) -> [String] { ids(observatory, limit: nil) }

    /// The ids of the rows in view.
    func inView(_ visible: Int) -> [String] { Array(order.dropFirst(offset).prefix(max(0, visible))) }

    /// Forgets the order, so that the next refresh makes it anew.
    mutating func putInOrder() {
        orderedAt = nil
        settledUntil = .zero
    }

    /// Rows that are still here keep their order; those that came are added at the end.
    private static func merge(_ order: [String], with fresh: [String]) -> [String] {
        let here = Set(fresh)
        let kept = order.filter(here.contains)
        let known = Set(kept)
        return kept + fresh.filter { !known.contains($0) }
    }

    private mutating func keepInView(_ visible: Int) {
        let visible = max(1, visible)
        offset = min(offset, max(0, order.count - visible))
        if selectedIndex < offset { offset = selectedIndex }
        if selectedIndex >= offset + visible { offset = selectedIndex - visible + 1 }
    }
}
