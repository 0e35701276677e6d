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
    var alerts: [Alert] { get }
    var recentEvents: EventLog { get }
    func connection(_ id: String) -> ConnectionRow?
    func connections(sortedBy column: ConnectionColumn, descending: Bool, matching: Query?, limit: Int?) -> [ConnectionRow]
    func busiestRooms(limit: Int) -> [RoomRow]
    func history(_ series: Series, buckets: Int) -> [Double]
}

extension Observatory: ObservatoryReading {}
