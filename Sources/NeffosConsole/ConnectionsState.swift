import NeffosObservatory

/// What the operator chose on the Connections screen, and the order in which the rows stand.
struct ConnectionsState: Sendable {
    /// How long rows keep their places after a key that moves among them.
    static let settling: Duration = .seconds(2)
    /// How often the rows are put in order anew, at most.
    static let refreshing: Duration = .seconds(1)

    /// Rows that are looked at beyond the selected one. A server may have a hundred thousand, and its feed waits while they are made.
    static let window = 5000

    /// The id of the selected row: rows may move, the selection stays with its own.
    private(set) var selected: String?
    /// Where it stands in ``order``.
    private(set) var selectedIndex = 0
    /// The first row in view.
    private(set) var offset = 0
    private(set) var sort = ConnectionColumn.key
    private(set) var descending = false
    private(set) var filter = ""
    /// Of ``filter``; the last good one while that is none.
    private(set) var query: Query?
    /// Why ``filter`` is no query.
    private(set) var filterError: QueryError?
    var isEditingFilter = false
    var isDetailOpen = false
    var detail = Pager()

    /// The ids of all rows in the order in which they are shown.
    private(set) var order: [String] = []
    /// Whether there are more rows than ``order`` has.
    private(set) var isPartial = false
    /// The operator went to the last row: then all of them are needed.
    private var wantsAll = false
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
            return keepInView(visible)
        }
        // All were fetched once already, and the operator has come back to the first ones.
        if wantsAll, !isPartial, selectedIndex < Self.window { wantsAll = false }
        var limit = wantsAll || observatory.connectionCount <= Self.window ? nil : selectedIndex + Self.window
        var fresh = ids(observatory, limit: limit)
        if limit != nil, let selected, observatory.connection(selected) != nil, !fresh.contains(selected) {
            // It is far down among the others now.
            limit = nil
            fresh = ids(observatory, limit: nil)
        }
        isPartial = limit.map { fresh.count >= $0 } ?? false
        isMerged = orderedAt != nil && isSettled
        order = isMerged ? Self.merge(order, with: fresh) : fresh
        orderedAt = now
        orderedRevision = observatory.revision
        if let selected, let index = order.firstIndex(of: selected) {
            selectedIndex = index
        } else {
            // Its row is gone: what took its place is the nearest.
            selectedIndex = min(selectedIndex, max(0, order.count - 1))
            selected = order.isEmpty ? nil : order[selectedIndex]
            detail = Pager()
        }
        keepInView(visible)
    }

    /// Makes sure that the last row is among those known.
    mutating func includeAll() {
        guard isPartial else { return }
        wantsAll = true
        orderedAt = nil
    }

    private func ids(_ observatory: any ObservatoryReading, limit: Int?) -> [String] {
        observatory.connections(
            sortedBy: sort, descending: descending, matching: query, limit: limit
        ).map(\.id)
    }

    /// Moves the selection by rows and holds the order still for a moment.
    mutating func move(by rows: Int, now: Duration, visible: Int) {
        settledUntil = now + Self.settling
        guard !order.isEmpty else { return }
        selectedIndex = min(max(0, selectedIndex + rows), order.count - 1)
        if selected != order[selectedIndex] { detail = Pager() }
        selected = order[selectedIndex]
        keepInView(visible)
    }

    mutating func sortByNextColumn() {
        let all = ConnectionColumn.allCases
        let index = all.firstIndex(of: sort).map { $0 + 1 } ?? 0
        sort = all[index % all.count]
        // Names are looked for from A on, figures from the largest.
        descending = !(sort == .id || sort == .key || sort == .remote)
        putInOrder()
    }

    mutating func reverse() {
        descending.toggle()
        putInOrder()
    }

    /// - Parameter text: a query. While it is being written it may be none: the rows stay then as the last good one wants them.
    mutating func setFilter(_ text: String) {
        filter = String(text.prefix(Query.longest))
        do throws(QueryError) {
            query = try Query(parsing: filter)
            filterError = nil
        } catch {
            filterError = error
        }
        putInOrder()
    }

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
