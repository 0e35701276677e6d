import NeffosFeed
import NeffosObservatory

@testable import NeffosConsole

extension Scene {
    /// ``normal`` with the figures of its connections, and their last events and messages.
    static var steered: Scene {
        var scene = normal
        for index in scene.rows.indices where index != 6 {
            var figures = ConnectionRow.Figures()
            figures.messagesIn = index * 137
            figures.messagesOut = index * 1204
            figures.bytesIn = index * 4096
            figures.bytesOut = index * 1_204_000
            figures.rateIn = Double(index % 7) * 1.5
            figures.rateOut = Double(index % 5) * 220
            figures.queuedBytes = index == 4 ? 3_400_000 : 0
            figures.idle = index % 3 == 0 ? 400 : index * 3000
            figures.roundTrip = index % 4 == 0 ? nil : 300 + index * 170
            scene.rows[index].figures = figures
        }
        scene.rows[4].state = .slow
        scene.rows[7].state = .silent
        scene.rows[8].state = .flapping
        scene.recentEvents = events(of: scene.rows[0].id)
        return scene
    }

    /// The feed as a model keeps it.
    static func log(_ events: [FeedEvent], capacity: Int = 10_000) -> EventLog {
        var observatory = Observatory()
        observatory.recentEvents = EventLog(capacity: capacity)
        for (index, event) in events.enumerated() { _ = observatory.apply(FeedEntry(seq: index + 1, node: "web-1", event: event)) }
        return observatory.recentEvents
    }

    static func message(
        _ body: String, of id: String, at time: FeedTime, _ direction: FeedEvent.Direction = .in, event: String = "chat"
    ) -> FeedEvent {
        FeedEvent(
            time: time,
            kind: .message(
                .init(
                    connection: id, direction: direction, namespace: "default", room: "lobby", event: event, bytes: body.utf8.count,
                    body: body)))
    }

    private static func events(of id: String) -> EventLog {
        log([
            FeedEvent(
                time: noon + -900,
                kind: .connectionOpened(.init(connection: id, key: "alice-0", remote: "10.0.4.1:51000", userAgent: "node", tries: 2))
            ),
            FeedEvent(time: noon + -897, kind: .connectionAcknowledged(connection: id, after: 3)),
            FeedEvent(time: noon + -890, kind: .namespaceConnected(.init(connection: id, namespace: "default"))),
            FeedEvent(time: noon + -870, kind: .roomJoined(.init(connection: id, namespace: "default", room: "lobby"))),
            FeedEvent(
                time: noon + -860, kind: .roomDenied(.init(connection: id, namespace: "default", room: "vip", error: "full\u{1B}[31m"))),
        ])
    }

    static func details(of id: String) -> ConnectionDetails {
        ConnectionDetails(
            connection: id, target: "/echo?token=***",
            headers: [
                .init(name: "Host", value: "127.0.0.1:8080"), .init(name: "Authorization", value: "***"),
                .init(name: "User-Agent", value: "node"), .init(name: "X-Websocket-Reconnect", value: "2"),
            ],
            figures: ConnectionFigures(
                connection: id, messagesIn: 137, messagesOut: 1204, bytesIn: 4096, bytesOut: 1_204_000, queuedBytes: 0, idle: 400,
                roundTrip: 470))
    }
}
