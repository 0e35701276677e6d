import NeffosFeed

/// Who is missing, and what is known of them.
extension IncidentLedger {
    static let mostSlowest = 20

    /// By key, at most `limit` of them, who were lost first; in the order of their names.
    func missing(limit: Int, _ knocks: KnockBook) -> [Incident.MissingClient] {
        var result: [Incident.MissingClient] = []
        // Nobody is: the losses need no look.
        if upgraded == losses.count { return [] }
        // Only where keys are shared, since looking each up takes a while.
        var seen: [String: Int] = [:]
        for index in losses.indices where !losses[index].isBack {
            if let key = losses[index].key, let there = seen[key] {
                result[there].count += 1
                continue
            }
            guard result.count < limit else {
                if hasSharedKeys { continue } else { break }
            }
            let loss = losses[index]
            if let key = loss.key, hasSharedKeys { seen[key] = result.count }
            let heard = knocks.knocks(of: loss.remote)
            result.append(
                Incident.MissingClient(
                    key: loss.key, remote: loss.remote, namespaces: loss.namespaces, ids: idsThatMayBeMeant(loss), count: 1,
                    knocks: heard.probes, refusal: heard.refusal))
        }
        return result.byName
    }

    /// Who was lost with this id and is not back.
    func missing(id: String) -> Loss? {
        guard let index = byID[id], !losses[index].isBack else { return nil }
        return losses[index]
    }

    private func idsThatMayBeMeant(_ loss: Loss) -> [String] {
        guard let key = loss.key, let group = groups[key], group.members.count > 1 else { return Array(loss.ids.suffix(1)) }
        // A match by key alone may have been any of them.
        return group.members.lazy.filter { !losses[$0].isExact || !losses[$0].isBack }.prefix(256).compactMap { losses[$0].ids.last }
    }

    func whereabouts(_ knocks: KnockBook) -> Incident.Whereabouts {
        var result = Incident.Whereabouts()
        result.isIncomplete = knocks.isIncomplete
        let missing = losses.count - upgraded
        if missing == 0 { return result }
        // Where nothing was heard of anybody, nothing needs to be looked up.
        if knocks.probes.isEmpty, knocks.refusals.isEmpty {
            result.silent = missing
            return result
        }
        for index in losses.indices where !losses[index].isBack {
            let heard = knocks.knocks(of: losses[index].remote)
            if heard.refusal != nil { result.refused += 1 } else if heard.probes > 0 { result.knocked += 1 } else { result.silent += 1 }
        }
        return result
    }

    /// Those who took longest, the last first.
    func slowest() -> [Incident.Returned] {
        guard let least = restored.values.suffix(IncidentLedger.mostSlowest).first else { return [] }
        let indexes = losses.indices.filter { (losses[$0].restored ?? -1) >= least }
        let top = Selection.first(IncidentLedger.mostSlowest, of: indexes) { left, right in
            let (one, other) = (losses[left].restored ?? 0, losses[right].restored ?? 0)
            return one != other ? one > other : left < right
        }
        return top.map { index in
            let loss = losses[index]
            return Incident.Returned(
                key: loss.key, id: loss.ids.last ?? "", connection: loss.connection, tries: loss.tries, restored: loss.restored ?? 0)
        }
    }

    /// The outage as the clients saw it.
    var clientsSaw: ClosedRange<Milliseconds>? {
        guard let interval = intervals.median, let least = tries.keys.filter({ $0 > 0 }).min(), let most = tries.keys.max() else {
            return nil
        }
        return (least * interval)...(most * interval)
    }
}
