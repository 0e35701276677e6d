import DequeModule
import NeffosFeed

/// The books of one incident: each lost client, and which connection it came back as.
///
/// A connection is matched by the id that its client had before, else by key. Where several share a key, a match stands for any one of them,
/// and moves to another when that one turns out to have come back by itself or to have been where this one goes.
struct IncidentLedger: Sendable {
    /// Tries above this count as this many, so that the histogram is bounded.
    static let mostTries = 1000
    /// Joins that follow each other so closely belong to a return of which nobody knows where it was.
    static let guestStep: Milliseconds = 2_000
    /// More are forgotten, the earliest first.
    static let mostAbsences = 16

    struct Group: Sendable {
        var members: [Int] = []
        /// Missing ones, and some that no longer are.
        var queue: [Int] = []
        /// Those not yet whole, by where they were; kept once there are two members.
        var byPlaces: [[NamespaceMembership]: [Int]] = [:]
    }

    var losses: [Loss] = []
    var byID: [String: Int] = [:]
    var byConnection: [String: Int] = [:]
    var groups: [String: Group] = [:]
    var hasSharedKeys = false
    var upgraded = 0
    var namespacesBack = 0
    var roomsBack = 0
    var settled = 0
    var restored = SortedValues()
    var tries: [Int: Int] = [:]
    /// At which clients try, from those who told.
    var intervals = LogHistogram()
    /// How long before ``Loss/since`` they were lost: a server that was away counts from its start.
    var lead: Milliseconds = 0
    /// Times in which nobody could come, in the order of their ends.
    var absences: [Absence] = []
    /// Returns in order, to be looked at once they have had their time.
    var recentlyBack: Deque<Back> = []
    /// Those whose time is over, and who are not whole, with what the lint calls them.
    var overdue: [Int: String] = [:]
    /// What is to be said of single clients; whoever owns this takes it away.
    var findings: [LintFinding] = []
    /// No client tries more often.
    var fastestTry: Milliseconds = 100

    struct Back: Sendable {
        var index: Int
        var at: FeedTime
    }

    /// The last time at which somebody was lost or came a step back, strays aside.
    var lastProgress: FeedTime

    init(start: FeedTime) { lastProgress = start }

    var isEverybodyBack: Bool { settled == losses.count }

    /// How long the client that came back as this connection took to be whole again; nil where it is not, or is nobody who was lost.
    func restored(as connection: String) -> Milliseconds? { byConnection[connection].flatMap { losses[$0].restored } }

    /// Whether somebody who was lost by itself, so lately, is still away.
    func hasStrayAway(since time: FeedTime) -> Bool { losses.contains { $0.isStray && !$0.isBack && start(of: $0) > time } }

    /// For how long nobody has come who could.
    func quiet(until time: FeedTime, without absence: Absence?) -> Milliseconds {
        time - lastProgress - (absence?.overlap(from: lastProgress, to: time) ?? 0)
    }

    /// Now they can come again: who was lost in that time counts from its end, and that nobody came in it means nothing.
    mutating func couldNotCome(_ absence: Absence) {
        lastProgress = lastProgress + absence.overlap(from: lastProgress, to: absence.until)
        if absences.count == IncidentLedger.mostAbsences { absences.removeFirst() }
        absences.append(absence)
    }

    // MARK: Losing

    /// Whether a client was lost that was not lost before.
    /// - Parameter isStray: whether it is not of a wave of drops, but one that any hour has.
    @discardableResult
    mutating func drop(_ loss: Loss, isStray: Bool = false, at time: FeedTime) -> Bool {
        if !isStray { lastProgress = max(lastProgress, time) }
        guard let id = loss.ids.first else { return false }
        if let index = byConnection[id] {
            let wasWhole = losses[index].roomsBack
            detach(index)
            if wasWhole { losses[index].isStray = isStray }
            // A second drop in the middle keeps what was to be restored.
            if wasWhole || losses[index].isGuest { losses[index].namespaces = loss.namespaces }
            if let key = losses[index].key, groups[key]?.byPlaces.isEmpty == false {
                groups[key]?.byPlaces[losses[index].namespaces, default: []].append(index)
            }
            losses[index].isGuest = false
            losses[index].since = time
            if losses[index].ids.count < 8, losses[index].ids.last != id { losses[index].ids.append(id) }
            byID[id] = index
            queue(index)
            return false
        }
        if let index = byID[id], !losses[index].isBack {
            // An id that a client chose itself: it was back without saying so, and is lost once more.
            losses[index].namespaces = loss.namespaces
            losses[index].since = time
            return false
        }
        var loss = loss
        loss.isStray = isStray
        add(loss)
        return true
    }

    private mutating func progress(_ index: Int, at time: FeedTime) {
        if !losses[index].isStray { lastProgress = max(lastProgress, time) }
    }

    private mutating func add(_ loss: Loss) {
        let index = losses.count
        losses.append(loss)
        for id in loss.ids { byID[id] = index }
        if let key = loss.key {
            groups[key, default: Group()].members.append(index)
            indexPlaces(key, index)
        }
        queue(index)
    }

    private mutating func indexPlaces(_ key: String, _ index: Int) {
        guard let members = groups[key]?.members, members.count > 1 else { return }
        hasSharedKeys = true
        for member in members.count == 2 ? members : [index] {
            groups[key]?.byPlaces[losses[member].namespaces, default: []].append(member)
        }
    }

    private mutating func queue(_ index: Int) {
        guard let key = losses[index].key, !losses[index].isQueued else { return }
        losses[index].isQueued = true
        groups[key]?.queue.append(index)
    }

    private mutating func nextMissing(of key: String) -> Int? {
        while let index = groups[key]?.queue.popLast() {
            losses[index].isQueued = false
            if !losses[index].isBack { return index }
        }
        return nil
    }

    // MARK: Coming back

    /// Whether the connection is a lost client's.
    mutating func opened(_ opened: FeedEvent.ConnectionOpened, guests: Bool, at time: FeedTime) -> Bool {
        let saysSo = opened.tries > 0 || opened.previous != nil
        // Who loads a page anew says nothing of a return; a name of one's own is enough to be no longer missing, an address is not.
        guard saysSo || opened.hasNameOfItsOwn else { return false }
        let key = BoundedText.cut(opened.key, to: BoundedText.label)
        let told = opened.previous.flatMap { byID[$0] } ?? byID[opened.connection]
        if let told, !losses[told].hasLeft, !(losses[told].connection != nil && losses[told].isExact) {
            let other = losses[told]
            detach(told)
            attach(told, to: opened.connection, tries: opened.tries, exact: true, at: time)
            // Who was taken for it by key is another of that key, or was not lost.
            if let moved = other.connection, let key = other.key, let index = nextMissing(of: key) {
                move(index, to: moved, from: other)
                step(index, at: other.restored.map { start(of: other) + $0 } ?? time)
            }
            return true
        }
        if let key, let index = nextMissing(of: key) {
            attach(index, to: opened.connection, tries: opened.tries, exact: false, at: time)
            return true
        }
        guard guests, saysSo else { return false }
        var guest = Loss(
            id: opened.previous ?? opened.connection, key: key, remote: BoundedText.cut(opened.remote, to: BoundedText.label),
            namespaces: [],
            since: lastStart)
        guest.isGuest = true
        add(guest)
        attach(losses.count - 1, to: opened.connection, tries: opened.tries, exact: true, at: time)
        return true
    }

    /// From when guests could have come back.
    var lastStart = FeedTime(milliseconds: 0)

    mutating func acknowledged(_ connection: String, at time: FeedTime) {
        guard let index = byConnection[connection] else { return }
        losses[index].acknowledged = true
        step(index, at: time)
    }

    /// The connection entered a namespace or joined a room.
    mutating func gained(_ spot: Loss.Spot, connection: String, present: () -> [NamespaceMembership], at time: FeedTime) {
        guard let index = byConnection[connection] else { return }
        losses[index].acknowledged = true
        if losses[index].isGuest {
            gainedByGuest(spot, index, at: time)
            return
        }
        if losses[index].regain(spot) { progress(index, at: time) }
        if !losses[index].roomsBack, !losses[index].isExact, let better = exchange(index, present: present) {
            // It is where another of its key was.
            step(better, at: time)
        } else {
            step(index, at: time)
        }
    }

    private mutating func gainedByGuest(_ spot: Loss.Spot, _ index: Int, at time: FeedTime) {
        if !losses[index].namespacesBack {
            losses[index].namespacesBack = true
            namespacesBack += 1
        }
        if spot.room != nil, !losses[index].roomsBack {
            losses[index].roomsBack = true
            roomsBack += 1
            settled += 1
        }
        guard time - losses[index].lastStep <= IncidentLedger.guestStep || losses[index].restored == nil else { return }
        losses[index].lastStep = time
        progress(index, at: time)
        setRestored(index, time)
    }

    /// The connection went for good by its own or the operator's will: nothing more is expected of it.
    mutating func left(_ connection: String) {
        guard let index = byConnection.removeValue(forKey: connection) else { return }
        if !losses[index].isSettled { settled += 1 }
        settle(index)
        losses[index].hasLeft = true
        losses[index].pending = nil
    }

    private mutating func attach(_ index: Int, to connection: String, tries count: Int, exact: Bool, at time: FeedTime) {
        progress(index, at: time)
        look(at: count, of: index, exact: exact, at: time)
        let count = min(max(0, count), IncidentLedger.mostTries)
        losses[index].attachedAt = time
        if !losses[index].isGuest { recentlyBack.append(Back(index: index, at: time)) }
        losses[index].connection = connection
        losses[index].isExact = exact
        losses[index].tries = count
        losses[index].acknowledged = false
        losses[index].pending = losses[index].spots
        losses[index].lastStep = time
        byConnection[connection] = index
        tries[count, default: 0] += 1
        upgraded += 1
    }

    /// It is missing again.
    private mutating func detach(_ index: Int) {
        guard let connection = losses[index].connection else { return }
        byConnection[connection] = nil
        settle(index)
        if losses[index].interval >= 0 { intervals.remove(bucket: Int(losses[index].interval)) }
        losses[index].interval = -1
        upgraded -= 1
        let count = losses[index].tries
        tries[count, default: 0] -= 1
        if tries[count] == 0 { tries[count] = nil }
        if losses[index].namespacesBack { namespacesBack -= 1 }
        if losses[index].roomsBack { roomsBack -= 1 }
        if losses[index].isSettled { settled -= 1 }
        if let value = losses[index].restored { restored.remove(value) }
        losses[index].connection = nil
        losses[index].isExact = false
        losses[index].acknowledged = false
        losses[index].namespacesBack = false
        losses[index].roomsBack = false
        losses[index].restored = nil
        losses[index].pending = nil
    }

    private mutating func step(_ index: Int, at time: FeedTime) {
        guard losses[index].connection != nil, losses[index].acknowledged else { return }
        if losses[index].isGuest {
            if losses[index].restored == nil { setRestored(index, time) }
            return
        }
        guard let pending = losses[index].pending else { return }
        if !losses[index].namespacesBack, !pending.contains(where: { $0.room == nil }) {
            losses[index].namespacesBack = true
            namespacesBack += 1
            progress(index, at: time)
        }
        if !losses[index].roomsBack, pending.isEmpty {
            losses[index].roomsBack = true
            roomsBack += 1
            settled += 1
            settle(index)
            setRestored(index, losses[index].namespaces.isEmpty ? losses[index].lastStep : time)
        }
    }

    /// From when its restore counts: its loss, or when it could come again, where it could not then.
    private func start(of loss: Loss) -> FeedTime {
        absences.reduce(loss.since) { start, absence in absence.since <= start && start < absence.until ? absence.until : start }
    }

    private mutating func setRestored(_ index: Int, _ time: FeedTime) {
        if let value = losses[index].restored { restored.remove(value) }
        let value = max(0, time - start(of: losses[index]))
        losses[index].restored = value
        restored.insert(value)
    }

    // MARK: Clients that share a key

    /// Moves a match by key to that loss of the key whose places the connection now has. Returns its index, or nil where there is none.
    private mutating func exchange(_ index: Int, present: () -> [NamespaceMembership]) -> Int? {
        guard let key = losses[index].key, (groups[key]?.byPlaces.count ?? 0) > 1, losses[index].pending?.isEmpty != true,
            let connection = losses[index].connection
        else { return nil }
        let places = present()
        guard places != losses[index].namespaces, let better = candidate(of: key, at: places) else { return nil }
        let (mine, other) = (losses[index], losses[better])
        detach(index)
        detach(better)
        move(better, to: connection, from: mine)
        losses[better].pending = []
        if let moved = other.connection {
            move(index, to: moved, from: other)
            step(index, at: other.lastStep)
        } else {
            queue(index)
        }
        return better
    }

    /// One of the key that was just there, and may be this one.
    private mutating func candidate(of key: String, at places: [NamespaceMembership]) -> Int? {
        while let last = groups[key]?.byPlaces[places]?.last {
            if !losses[last].isSettled, !losses[last].isExact, losses[last].namespaces == places { return last }
            groups[key]?.byPlaces[places]?.removeLast()
        }
        return nil
    }

    private mutating func move(_ index: Int, to connection: String, from loss: Loss) {
        attach(index, to: connection, tries: loss.tries, exact: false, at: loss.lastStep)
        losses[index].acknowledged = loss.acknowledged
        // What it already got back is what the two have in common.
        losses[index].pending?.subtract(loss.spots.subtracting(loss.pending ?? []))
    }
}

extension FeedEvent.ConnectionOpened {
    /// Whether its key is more than its address and agent, which many may share.
    var hasNameOfItsOwn: Bool {
        guard let key else { return false }
        let address = remote.lastIndex(of: ":").map { remote[..<$0].drop { $0 == "[" }.prefix { $0 != "]" } } ?? remote[...]
        return key != address && key != "\(address) \(userAgent ?? "")"
    }
}
