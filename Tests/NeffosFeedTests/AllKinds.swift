import NeffosFeed
import Synchronization

/// One event of each type, with `text` wherever a peer or a program names something.
func allKinds(text: String, optional: String?, number: Int? = 7) -> [FeedEvent.Kind] {
    let state = FeedEvent.ServerState(url: text, version: text, reason: optional)
    let namespace = FeedEvent.NamespaceChange(connection: text, namespace: text, error: optional, forced: optional != nil)
    let room = FeedEvent.RoomChange(connection: text, namespace: text, room: text, error: optional, forced: optional == nil)
    var incident = FeedEvent.IncidentFigures(
        incident: 3, cause: text, dropped: number, probes: 9, probed: 2, upgraded: 4, namespacesBack: 5, roomsBack: 6, missing: number,
        p50: number, p95: number, p99: number)
    let open = incident
    incident.missingKeys = number.map { [FeedEvent.MissingKey(key: optional, count: $0, connections: [text, text])] }
    let lint = FeedEvent.Lint(lint: text, subject: text, detail: text, remedy: text)
    return [
        .serverStarted(state), .serverDraining(state), .serverStopped(state),
        .probe(.init(remote: text, userAgent: optional, admitted: optional != nil, held: 12)),
        .connectionOpened(
            .init(connection: text, key: optional, previous: optional, remote: text, userAgent: optional, tries: 3, tls: true)),
        .connectionRejected(.init(remote: text, status: 403, reason: text, tries: 1)),
        .connectionAcknowledged(connection: text, after: 5),
        .connectionClosed(
            .init(
                connection: text, code: 1006, reason: optional, by: .network, lived: 1234, messagesIn: 1, messagesOut: 2, bytesIn: 3,
                bytesOut: 4)),
        .namespaceConnected(namespace), .namespaceDenied(namespace), .namespaceDisconnected(namespace),
        .roomJoined(room), .roomDenied(room), .roomLeft(room),
        .message(.init(connection: text, direction: .in, namespace: text, room: text, event: text, bytes: 8, body: text, skipped: 3)),
        .protocolViolation(.init(connection: optional, kind: text, detail: text)),
        .incidentOpened(open), .incidentUpdated(open), .incidentClosed(incident),
        .lintRaised(lint), .lintCleared(lint),
        .operatorAction(.init(action: text, by: text, target: text, count: 2, result: text, away: number)),
        .sample(
            .init(
                connections: 1, namespaces: 2, rooms: 3, messagesInPerSecond: 0.5, messagesOutPerSecond: 1.25, bytesInPerSecond: 100,
                bytesOutPerSecond: 0, probesPerSecond: 0.125, openedPerSecond: 3, closedPerSecond: 4, cpuPercent: 99.9,
                memoryBytes: 1 << 33,
                loopLag: 0.001, slowestHandler: 2.5)),
        .feedGap(.init(missed: 3, kinds: ["probe": 1, "sample": 2])),
        .snapshot(
            .init(
                connections: [
                    .init(
                        connection: text, key: optional, remote: text, userAgent: optional, tries: 1,
                        opened: number.map { FeedTime(milliseconds: Int64($0)) }, acknowledged: optional == nil, tls: optional != nil,
                        previous: optional, namespaces: [text: [text, "b"], "a \(text)": []])
                ], counters: [text: 4, "a": 1])),
    ]
}

func entry(_ kind: FeedEvent.Kind, seq: Int = 42, at milliseconds: Int64 = 1_769_860_800_123) -> FeedEntry {
    FeedEntry(seq: seq, node: "web-1", event: FeedEvent(time: FeedTime(milliseconds: milliseconds), kind: kind))
}

func line(_ entry: FeedEntry) -> String {
    var bytes: [UInt8] = []
    JSONLines.append(entry, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// A probe that can be told from others by its remote.
func probe(_ name: String) -> FeedEvent.Kind { .probe(.init(remote: name, userAgent: nil, admitted: true)) }

/// An event of state that can be told from others by its connection.
func acknowledged(_ name: String) -> FeedEvent.Kind { .connectionAcknowledged(connection: name, after: 0) }

func present(_ name: String) -> FeedEvent.FeedSnapshot.Present {
    .init(connection: name, key: nil, remote: "127.0.0.1:1", tries: 0, namespaces: [:])
}

extension FeedEvent.Kind {
    /// What `probe` and `acknowledged` were told, and for others the type, with what matters here.
    var label: String {
        switch self {
        case .probe(let probe): probe.remote
        case .connectionAcknowledged(let connection, _): connection
        case .feedGap(let gap): "gap \(gap.missed)"
        case .snapshot(let snapshot): "snapshot " + snapshot.connections.map(\.connection).joined(separator: "+")
        default: typeName
        }
    }
}

/// Counts how often a snapshot was asked for.
final class Questions: Sendable {
    private let number = Atomic(0)
    var count: Int { number.load(ordering: .sequentiallyConsistent) }
    func ask() { number.wrappingAdd(1, ordering: .sequentiallyConsistent) }
}
