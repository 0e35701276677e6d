import NeffosFeed

/// What single clients do wrong on their way back.
extension IncidentLedger {
    /// The tries a client tells of: they give its interval, unless its outage had no time for so many.
    mutating func look(at tries: Int, of index: Int, exact: Bool, at time: FeedTime) {
        guard tries > 0, !losses[index].isGuest else { return }
        let outage = time - losses[index].since + lead
        // By key alone it may be another that was lost at another time.
        let isSure = exact || losses[index].key.map { (groups[$0]?.members.count ?? 0) < 2 } ?? true
        if isSure, tries / 2 > outage / fastestTry + 2 {
            findings.append(
                .raise(
                    LintCatalogue.ID.implausibleTries, subject: subject(index),
                    detail: "\(subject(index)) tells of \(tries) tries in an outage of \(outage) ms"))
            return
        }
        let bucket = LogHistogram.bucket(outage / tries)
        losses[index].interval = Int16(bucket)
        intervals.insert(bucket: bucket)
    }

    /// Looks at those who have been back for `after` and are not where they were.
    mutating func lookForStrays(after: Milliseconds, at time: FeedTime) {
        while let first = recentlyBack.first, time - first.at >= after {
            recentlyBack.removeFirst()
            let loss = losses[first.index]
            guard loss.connection != nil, loss.attachedAt == first.at, loss.acknowledged, !loss.isSettled, loss.pending?.isEmpty == false,
                overdue.count < LintBook.mostSubjects, overdue[first.index] == nil
            else { continue }
            overdue[first.index] = subject(first.index)
            findings.append(
                .raise(
                    LintCatalogue.ID.roomNotRejoined, subject: subject(first.index),
                    detail: "\(subject(first.index)) came back \(after / 1000) s ago and is not in \(places(loss)) again"))
        }
    }

    /// Nothing more is expected of it now.
    mutating func settle(_ index: Int) {
        guard !overdue.isEmpty, let subject = overdue.removeValue(forKey: index) else { return }
        findings.append(.clear(LintCatalogue.ID.roomNotRejoined, subject: subject))
    }

    private func subject(_ index: Int) -> String {
        let loss = losses[index]
        if let key = loss.key, (groups[key]?.members.count ?? 0) < 2 { return key }
        return loss.ids.last ?? ""
    }

    private func places(_ loss: Loss) -> String {
        let names = (loss.pending ?? []).map { spot in spot.room.map { "\(spot.namespace)/\($0)" } ?? spot.namespace }
            .sorted(by: NaturalOrder.precedes)
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }
}
