import NeffosFeed

extension SecondRing {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int64(&newest)
        try coder.list(&values, 0) { try $0.double(&$1) }
        try coder.check(values.count == SecondRing.seconds && newest >= 0)
    }
}

extension CoarseRing {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int64(&newest)
        try coder.list(&buckets, most: capacity + 1, Bucket()) {
            try $0.float(&$1.sum)
            try $0.float(&$1.most)
        }
        try coder.check(newest >= 0)
    }
}

extension SeriesRings {
    mutating func code(_ coder: inout PictureCoder) throws {
        try seconds.code(&coder)
        try tens.code(&coder)
        try minutes.code(&coder)
    }
}

extension RateWindow {
    mutating func code(_ coder: inout PictureCoder) throws {
        try rings.code(&coder)
        try coder.int(&total)
        try coder.double(&peak)
    }
}

extension Histories {
    mutating func code(_ coder: inout PictureCoder) throws {
        try opened.code(&coder)
        try closed.code(&coder)
        try returned.code(&coder)
        try probes.code(&coder)
        try rejected.code(&coder)
        try connections.code(&coder)
        try messagesIn.code(&coder)
        try messagesOut.code(&coder)
    }
}

extension RecentRate {
    mutating func code(_ coder: inout PictureCoder) throws {
        var (number, current, before) = (number, current, before)
        try coder.number(&number)
        try coder.number(&current)
        try coder.number(&before)
        self = RecentRate(number: number, current: current, before: before)
    }
}

extension MessageTotals {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(&closed, 0) { try $0.int(&$1) }
        try coder.list(&sampled, 0) { try $0.double(&$1) }
        try coder.check(closed.count == 4 && sampled.count == 4)
        try coder.double(&peakIn)
        try coder.double(&peakOut)
    }
}

extension ProbeSource {
    static var blank: ProbeSource {
        ProbeSource(
            address: "", userAgent: nil, probes: 0, first: FeedTime(milliseconds: 0), last: FeedTime(milliseconds: 0))
    }

    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.text(&address)
        try coder.int(&addresses)
        try coder.optionalText(&userAgent)
        try coder.int(&probes)
        try coder.time(&first)
        try coder.time(&last)
        try coder.int(&deferred)
        try coder.int(&upgrades)
        try coder.int(&rejected)
        try coder.optionalText(&lastRejection)
        try coder.choice(&outcome)
    }
}

extension ProbeSources {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(
            &entries, most: ProbeSources.capacity,
            Entry(source: .blank, knockingSince: FeedTime(milliseconds: 0), lastAnswered: false)
        ) {
            try $1.source.code(&$0)
            try $0.int(&$1.knocks)
            try $0.time(&$1.knockingSince)
            try $0.bool(&$1.lastAnswered)
            try $0.bool(&$1.isOrphan)
            try $0.bool(&$1.isPoller)
        }
        try coder.int(&forgotten)
        try coder.table(&past, most: ProbeSources.mostNetworks, "", .blank) {
            try $0.text(&$1)
            try $2.code(&$0)
        }
        guard coder.isReading else { return }
        last = entries.map(\.source.last)
        indexes = [:]
        indexesByAddress = [:]
        for (index, entry) in entries.enumerated() {
            let name = Name(address: entry.source.address, userAgent: entry.source.userAgent)
            try coder.check(indexes.updateValue(index, forKey: name) == nil)
            indexesByAddress[name.address, default: []].append(index)
        }
    }
}

extension AlertLog {
    mutating func code(_ coder: inout PictureCoder) throws {
        let blank = Alert(time: FeedTime(milliseconds: 0), kind: .gap, severity: .info, title: "", detail: "")
        try coder.list(&entries, most: AlertLog.capacity, Entry(subject: .gap, alert: blank)) {
            try $1.subject.code(&$0)
            try $0.time(&$1.alert.time)
            try $0.choice(&$1.alert.kind)
            try $0.choice(&$1.alert.severity)
            try $0.text(&$1.alert.title)
            try $0.text(&$1.alert.detail)
            try $0.int(&$1.alert.count)
        }
    }
}

extension AlertLog.Subject {
    fileprivate mutating func code(_ coder: inout PictureCoder) throws {
        var kind = 0
        var (number, text) = (0, "")
        var other: String?
        switch self {
        case .incidentOpened(let value): (kind, number) = (0, value)
        case .incidentClosed(let value): (kind, number) = (1, value)
        case .lint(let lint, let subject): (kind, text, other) = (2, lint, subject)
        case .violation(let connection, let value): (kind, text, other) = (3, value, connection)
        case .rejection(let address, let reason): (kind, text, other) = (4, address, reason)
        case .gap: kind = 5
        case .afterKick(let value): (kind, text) = (6, value)
        }
        try coder.int(&kind)
        try coder.int(&number)
        try coder.text(&text)
        try coder.optionalText(&other)
        switch kind {
        case 0: self = .incidentOpened(number)
        case 1: self = .incidentClosed(number)
        case 2: self = .lint(text, other ?? "")
        case 3: self = .violation(connection: other, kind: text)
        case 4: self = .rejection(address: text, reason: other ?? "")
        case 5: self = .gap
        case 6: self = .afterKick(text)
        default: throw PictureError.damaged
        }
    }
}

extension FeedEvent.Sample {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.int(&connections)
        try coder.int(&namespaces)
        try coder.int(&rooms)
        try coder.double(&messagesInPerSecond)
        try coder.double(&messagesOutPerSecond)
        try coder.double(&bytesInPerSecond)
        try coder.double(&bytesOutPerSecond)
        try coder.double(&probesPerSecond)
        try coder.double(&openedPerSecond)
        try coder.double(&closedPerSecond)
        try coder.double(&cpuPercent)
        try coder.int(&memoryBytes)
        try coder.double(&loopLag)
        try coder.double(&slowestHandler)
    }
}

extension Vitals {
    /// What the model keeps of them; the rest it makes anew each time.
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.choice(&state)
        try coder.text(&url)
        try coder.text(&version)
        try coder.optionalTime(&startedAt)
        try coder.int(&connections)
        try coder.int(&connectionsPeak)
        try coder.int(&maxTries)
        try coder.int(&violations)
        try coder.int(&returnedAfterKick)
        try coder.int(&missed)
        try coder.optional(&sample, FeedEvent.Sample()) { try $1.code(&$0) }
    }
}
