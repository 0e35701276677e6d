/// What all incidents of a run come to, those that are no longer kept included.
struct IncidentSums: Sendable {
    private(set) var count = 0
    /// Incidents of which it is known how many were lost.
    private var counted = 0
    private var droppedSum = 0
    private var upgradedSum = 0
    private var missingSum = 0

    /// Nil where there were incidents, and nothing tells of any of them how many were lost.
    var dropped: Int? { count > 0 && counted == 0 ? nil : droppedSum }
    var upgraded: Int? { count > 0 && counted == 0 ? nil : upgradedSum }
    var missing: Int? { count > 0 && counted == 0 ? nil : missingSum }

    mutating func add(_ incident: Incident) {
        count += 1
        guard let dropped = incident.dropped else { return }
        counted += 1
        droppedSum += dropped
        upgradedSum += incident.upgraded
        missingSum += incident.missing ?? 0
    }
}

extension Observatory {
    var incidentSums: IncidentSums {
        var sums = tracker.forgotten
        for incident in incidents { sums.add(incident) }
        return sums
    }
}
