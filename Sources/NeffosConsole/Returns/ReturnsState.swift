import NeffosObservatory
import Terminal

/// What the operator chose on the Returns screen.
struct ReturnsState: Sendable {
    enum Mode: Sendable { case incidents, missing, probes }

    /// Which incident: each run of a server counts its own.
    struct Place: Sendable, Hashable {
        var runsBefore: Int
        var number: Int

        init(_ incident: Incident) {
            runsBefore = incident.runsBefore
            number = incident.number
        }
    }

    var mode = Mode.incidents
    /// The selected incident; nil goes with the newest.
    private(set) var selected: Place?
    /// The first incident in view.
    private(set) var offset = 0
    var missing = Pager()
    /// What is looked for among the missing.
    private(set) var search = ""
    var prompt: ViewPrompt?
    var probes = Pager()

    /// The incident in view, and where it stands in the list.
    func current(in incidents: [Incident]) -> (index: Int, incident: Incident)? {
        guard let first = incidents.first else { return nil }
        if let selected, let index = incidents.firstIndex(where: { Place($0) == selected }) { return (index, incidents[index]) }
        return (0, first)
    }

    mutating func beginSearch() { prompt = ViewPrompt(.filter, text: search) }

    mutating func type(_ key: Key) {
        guard var prompt else { return }
        let outcome = prompt.update(key)
        self.prompt = outcome == .submitted || outcome == .cancelled ? nil : prompt
        search = outcome == .cancelled ? "" : prompt.text
        missing = Pager()
    }

    mutating func forgetSearch() { search = "" }

    mutating func move(by rows: Int, in incidents: [Incident]) {
        guard let (index, _) = current(in: incidents) else { return }
        let target = min(max(0, index + rows), incidents.count - 1)
        selected = target == 0 ? nil : Place(incidents[target])
        missing = Pager()
        search = ""
    }

    /// Keeps the selection and the lists in view.
    mutating func refresh(incidents: [Incident], sources: Int, layout: ReturnsLayout) {
        let index = current(in: incidents)?.index ?? 0
        let visible = max(1, layout.incidentRows)
        offset = min(offset, max(0, incidents.count - visible))
        if index < offset { offset = index }
        if index >= offset + visible { offset = index - visible + 1 }
        let clients = current(in: incidents)?.incident.missingClients ?? []
        missing.clamp(count: MissingList.found(clients, search).count, visible: layout.listRows)
        probes.clamp(count: sources, visible: layout.listRows)
    }
}
