import NeffosFeed
import NeffosObservatory

/// What the screens read of the model. The ``Observatory`` is the one that counts; a test may show what no feed could bring about in time.
protocol ObservatoryReading: Sendable {
    var now: FeedTime { get }
    var revision: UInt64 { get }
    var vitals: Vitals { get }
    var connectionCount: Int { get }
    var namespaces: [NamespaceRow] { get }
    var incidents: [Incident] { get }
    var probeSources: [ProbeSource] { get }
    var forgottenProbeSources: Int { get }
    var alerts: [Alert] { get }
    var lints: [LintRow] { get }
    var recentEvents: EventLog { get }
    /// Clients for whom more waits than a lint allows.
    var slowConsumers: Int { get }
    func connection(_ id: String) -> ConnectionRow?
    func hasConnection(_ id: String) -> Bool
    func lineage(of id: String) -> [EarlierConnection]
    func connections(sortedBy column: ConnectionColumn, descending: Bool, matching: Query?, limit: Int?) -> [ConnectionRow]
    func connectionIDs(sortedBy column: ConnectionColumn, descending: Bool, matching: Query?, limit: Int?) -> [String]
    func namespaces(sortedBy column: RoomColumn, descending: Bool, limit: Int?) -> [NamespaceRow]
    func rooms(in namespace: String?, sortedBy column: RoomColumn, descending: Bool, matching part: String?, limit: Int?) -> [RoomRow]
    func members(of namespace: String, room: String?, limit: Int) -> [String]
    func busiestRooms(limit: Int) -> [RoomRow]
    func history(_ series: Series, buckets: Int) -> [Double]
    func history(_ series: Series, resolution: Resolution, buckets: Int, peaks: Bool) -> [Double]
}

extension ObservatoryReading {
    var slowConsumers: Int { 0 }
    func lineage(of id: String) -> [EarlierConnection] { [] }
    func hasConnection(_ id: String) -> Bool { connection(id) != nil }
    func history(_ series: Series, resolution: Resolution, buckets: Int, peaks: Bool) -> [Double] { history(series, buckets: buckets) }
    func connectionIDs(sortedBy column: ConnectionColumn, descending: Bool, matching: Query?, limit: Int?) -> [String] {
        connections(sortedBy: column, descending: descending, matching: matching, limit: limit).map(\.id)
    }
}

extension Observatory: ObservatoryReading {
    var slowConsumers: Int { lints.reduce(0) { $0 + ($1.lint == "slow-consumer" ? 1 : 0) } }
}
