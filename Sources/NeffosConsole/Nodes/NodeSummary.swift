public import NeffosFeed
public import NeffosObservatory

/// One of several servers whose pictures a console can show, in the few figures that tell how it fares.
public struct NodeSummary: Sendable, Hashable, Identifiable {
    /// Its place among them, from 0; it stays the same.
    public var id: Int
    /// What it calls itself; until it told, how its address was written.
    public var name: String
    /// Its endpoint; until it told, empty.
    public var url = ""
    /// Whether its picture is the one on the other screens.
    public var isChosen = false
    /// Whether it answers.
    public var status = SourceStatus.live
    /// What it is doing, as it told last.
    public var phase = ServerPhase.starting
    /// Why it does not come back, where it does not.
    public var ending: String?
    /// Whole seconds since it started, by its own clock; nil while it is silent.
    public var uptime: Milliseconds?
    public var connections = 0
    /// Namespaces and rooms with a member.
    public var namespaces = 0
    public var rooms = 0
    /// Connections that came back.
    public var returned = 0
    /// Who is missing in the newest incident; nil where there is none, or nobody can tell.
    public var missing: Int?
    /// The number and the cause of the incident that is open.
    public var incident: OpenIncident?
    /// Events of its feed that the console saw nothing of.
    public var missed = 0
    /// Of the last second; nil while it is silent.
    public var sample: FeedEvent.Sample?

    /// An incident that is not over.
    public struct OpenIncident: Sendable, Hashable {
        /// As its server counts them.
        public var number: Int
        public var cause: Incident.Cause
        public init(number: Int, cause: Incident.Cause) {
            self.number = number
            self.cause = cause
        }
    }

    public init(id: Int, name: String) {
        self.id = id
        self.name = name
    }

    var isLive: Bool { status == .live && ending == nil }
    /// Whether the operator should look at it.
    var isInTrouble: Bool { !isLive || incident != nil || phase != .running }

    /// What the first line of every screen shows of it.
    struct Headline: Hashable {
        var id: Int
        var name: String
        var isChosen: Bool
        var isInTrouble: Bool
    }

    var headline: Headline { Headline(id: id, name: name, isChosen: isChosen, isInTrouble: isInTrouble) }
}
