import NeffosFeed

extension ConnectionTable {
    mutating func code(_ coder: inout PictureCoder) throws {
        if coder.isReading { try read(&coder) } else { try write(&coder) }
    }

    /// Rooms and namespaces by their place in the list of those with members, so that what was there before takes no part.
    private func write(_ coder: inout PictureCoder) throws {
        var clock = places.now
        try coder.time(&clock)
        var spaces = places.namespaces.indices.filter { places.namespaces[$0].members > 0 }
        var spaceNumbers: [UInt32: Int] = [:]
        for (number, index) in spaces.enumerated() { spaceNumbers[UInt32(index)] = number }
        try coder.list(&spaces, 0) {
            var space = places.namespaces[$1]
            try $0.text(&space.name)
            try space.joining.code(&$0)
            try space.leaving.code(&$0)
        }
        var rooms = places.rooms.indices.filter { places.rooms[$0].members > 0 }
        var roomNumbers: [UInt32: Int] = [:]
        for (number, index) in rooms.enumerated() { roomNumbers[UInt32(index)] = number }
        try coder.list(&rooms, 0) {
            var room = places.rooms[$1]
            var space = spaceNumbers[room.namespace] ?? 0
            try $0.int(&space)
            try room.code(&$0)
        }
        var records = records
        try coder.list(&records, .blank) { coder, record in
            try record.code(&coder)
            var agent = agent(of: record)
            try coder.optionalText(&agent)
            var there = (0..<record.places.count).map { record.places[$0] }
            try coder.list(&there, Place(namespace: 0)) {
                var space = spaceNumbers[$1.namespace] ?? 0
                var room = $1.room == Place.none ? -1 : roomNumbers[$1.room] ?? -1
                try $0.int(&space)
                try $0.int(&room)
            }
        }
    }

    private mutating func read(_ coder: inout PictureCoder) throws {
        self = ConnectionTable()
        var clock = FeedTime(milliseconds: 0)
        try coder.time(&clock)
        setClock(clock)
        var spaces: [PlaceTable.Namespace] = []
        try coder.list(&spaces, PlaceTable.Namespace(name: "")) {
            try $0.text(&$1.name)
            try $1.joining.code(&$0)
            try $1.leaving.code(&$0)
        }
        var rooms: [PlaceTable.Room] = []
        try coder.list(&rooms, PlaceTable.Room(namespace: 0, name: "")) {
            var space = 0
            try $0.int(&space)
            try $0.check(spaces.indices.contains(space))
            $1.namespace = UInt32(space)
            try $1.code(&$0)
        }
        var count = 0
        try coder.int(&count)
        try coder.check(count >= 0 && count <= coder.remaining)
        for _ in 0..<count {
            var record = Record.blank
            try record.code(&coder)
            var agent: String?
            try coder.optionalText(&agent)
            try coder.check(!contains(record.name))
            restore(record, agent: agent)
            var number = 0
            try coder.int(&number)
            try coder.check(number >= 0 && number <= coder.remaining)
            for _ in 0..<number {
                var (space, room) = (0, 0)
                try coder.int(&space)
                try coder.int(&room)
                try coder.check(spaces.indices.contains(space))
                guard room >= 0 else {
                    restore(spaces[space].name)
                    continue
                }
                try coder.check(rooms.indices.contains(room) && rooms[room].namespace == UInt32(space))
                restore(rooms[room].name, in: spaces[space].name)
            }
        }
        restore(spaces, rooms)
    }
}

extension ConnectionTable.Record {
    static var blank: ConnectionTable.Record {
        ConnectionTable.Record(
            name: .uuid(0, 0), endpoint: .ipv4(0, port: 0), openedAt: FeedTime(milliseconds: 0), agent: .max, tries: 0, tls: false)
    }

    fileprivate mutating func code(_ coder: inout PictureCoder) throws {
        try coder.name(&name)
        try coder.optional(&previousName, .uuid(0, 0)) { try $0.name(&$1) }
        try coder.remote(&endpoint)
        try coder.optionalText(&ownKey)
        try coder.time(&openedAt)
        try coder.number(&acknowledgedAfter)
        try coder.number(&tries)
        try coder.number(&violations)
        try coder.bool(&tls)
        try coder.bool(&hasMadeKey)
        try coder.bool(&isAfterKick)
    }
}

extension PlaceTable.Room {
    fileprivate mutating func code(_ coder: inout PictureCoder) throws {
        try coder.text(&name)
        try coder.int(&joins)
        try coder.int(&leaves)
        try joining.code(&coder)
        try leaving.code(&coder)
    }
}

extension NameDigest {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.word(&high)
        try coder.word(&low)
    }
}

extension Lineage {
    mutating func code(_ coder: inout PictureCoder) throws {
        try Lineage.code(&young, most: capacity, &coder)
        try Lineage.code(&old, most: capacity, &coder)
        try coder.int(&steps.next)
        try coder.list(
            &steps.steps, most: steps.capacity,
            .init(name: .uuid(0, 0), previous: .uuid(0, 0), lostAt: 0, returnedAt: 0, isCertain: false, isByItself: false, before: 0)
        ) {
            try $0.name(&$1.name)
            try $0.name(&$1.previous)
            try $0.int64(&$1.lostAt)
            try $0.int64(&$1.returnedAt)
            try $0.bool(&$1.isCertain)
            try $0.bool(&$1.isByItself)
            try $0.int(&$1.before)
        }
        let kept = steps.steps.count
        try coder.check(kept == steps.capacity ? steps.next >= kept : steps.next == kept)
    }

    private static func code(_ entries: inout [NameDigest: Entry], most: Int, _ coder: inout PictureCoder) throws {
        try coder.table(&entries, most: most, NameDigest(high: 0, low: 0), Entry()) {
            try $1.code(&$0)
            try $0.number(&$2.returns)
            for index in $2.recent.seconds.indices { try $0.number(&$2.recent.seconds[index]) }
            try $0.number(&$2.recent.next)
            try $0.check($2.recent.next < RecentTimes.capacity)
            try $0.int(&$2.newest)
            try $0.optional(&$2.last, .uuid(0, 0)) { try $0.name(&$1) }
            try $0.int64(&$2.lastClosedAt)
        }
    }
}

extension RecentKicks {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.table(&byName, most: RecentKicks.capacity, .uuid(0, 0), 0) {
            try $0.name(&$1)
            try $0.int64(&$2)
        }
        try coder.table(&byKey, most: RecentKicks.capacity, NameDigest(high: 0, low: 0), KeyEntry(count: 0, at: 0)) {
            try $1.code(&$0)
            try $0.number(&$2.count)
            try $0.check($2.count > 0)
            try $0.int64(&$2.at)
        }
    }
}
