/// What only the Rooms screen does.
enum RoomsCommand: Sendable, Hashable { case fold, foldAll }

extension ConsoleModel {
    /// What the Rooms screen does with a command; nil where it does nothing of its own with it.
    mutating func updateRooms(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        let layout = RoomsLayout(size: size, isMembersOpen: rooms.members != nil)
        switch command {
        case .up, .down, .pageUp, .pageDown, .first, .last:
            if command == .last { includeAll(observatory, now) }
            let rows = Self.rows(command, page: rooms.members == nil ? layout.treeRows : layout.memberRows)
            if rooms.members == nil { rooms.move(by: rows, now: now) } else { rooms.members?.move(by: rows) }
        case .open:
            if let members = rooms.members { return openConnection(members.selected, observatory, now) }
            rooms.openMembers()
        case .back: rooms.back()
        case .filter where rooms.members == nil: rooms.beginFilter()
        case .sortNext: rooms.sortByNextColumn()
        case .sortReverse: rooms.reverse()
        case .rooms(.fold): rooms.fold()
        case .rooms(.foldAll): rooms.foldAll()
        default: return nil
        }
        refresh(from: observatory, now: now)
        return []
    }

    private mutating func includeAll(_ observatory: any ObservatoryReading, _ now: Duration) {
        if rooms.members == nil { rooms.includeAll() } else { rooms.members?.includeAll() }
        refresh(from: observatory, now: now)
    }

    /// To its row among the connections.
    private mutating func openConnection(_ id: String?, _ observatory: any ObservatoryReading, _ now: Duration) -> [ConsoleEffect] {
        guard let id, observatory.connection(id) != nil else {
            notice = Notice(text: "this connection is gone", until: now + Self.noticing)
            return []
        }
        connections.show(id)
        screen = .connections
        refresh(from: observatory, now: now)
        return []
    }
}
