import NeffosObservatory
import Terminal

/// Those who are in one namespace or room, by id, and which of them is selected.
struct RoomMembers: Sendable {
    /// How often they are looked up anew, at most.
    static let refreshing: Duration = .seconds(1)
    /// Ids that are asked for beyond the selected one.
    static let window = 1_000

    let place: RoomsState.Place
    private(set) var ids: [String] = []
    /// Whether there are more than ``ids``.
    private(set) var isPartial = false
    private(set) var selected: String?
    private(set) var selectedIndex = 0
    private(set) var offset = 0
    private var wantsAll = false
    private var askedAt: Duration?
    private var askedRevision: UInt64?

    init(place: RoomsState.Place) { self.place = place }

    mutating func refresh(from observatory: any ObservatoryReading, now: Duration, visible: Int) {
        if askedAt.map({ now - $0 >= Self.refreshing && askedRevision != observatory.revision }) ?? true {
            let limit = wantsAll ? Int.max : selectedIndex + Self.window
            ids = observatory.members(of: place.namespace, room: place.room, limit: limit)
            isPartial = ids.count >= limit
            askedAt = now
            askedRevision = observatory.revision
            if let selected, let index = ids.firstIndex(of: selected) {
                selectedIndex = index
            } else {
                selectedIndex = min(selectedIndex, max(0, ids.count - 1))
                selected = ids.isEmpty ? nil : ids[selectedIndex]
            }
        }
        offset = Scroll.offset(offset, selected: selectedIndex, count: ids.count, height: visible)
    }

    mutating func move(by rows: Int) {
        guard !ids.isEmpty else { return }
        selectedIndex = min(max(0, selectedIndex + rows), ids.count - 1)
        selected = ids[selectedIndex]
        if isPartial, selectedIndex + Self.window / 4 > ids.count { askedAt = nil }
    }

    mutating func includeAll() {
        guard isPartial else { return }
        wantsAll = true
        askedAt = nil
    }
}
