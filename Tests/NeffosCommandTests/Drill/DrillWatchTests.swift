import NeffosFeed
import Testing

@testable import NeffosCommand

@Suite(.timeLimit(.minutes(1))) struct DrillWatchTests {
    private let watch = DrillWatch([])

    private func tell(_ kinds: FeedEvent.Kind...) {
        watch.receive(
            kinds.enumerated().map { index, kind in
                FeedEntry(seq: index + 1, node: "web-1", event: FeedEvent(time: FeedTime(milliseconds: 0), kind: kind))
            })
    }

    private func figures(_ number: Int) -> FeedEvent.IncidentFigures {
        FeedEvent.IncidentFigures(incident: number, cause: "drill", dropped: 3)
    }

    private let begun = FeedEvent.Kind.operatorAction(
        FeedEvent.OperatorAction(action: "drill", by: "ann", target: "50 % of 6", count: 3, result: "started"))

    private func closed() async -> Int? {
        let closing = await watch.closing(within: .milliseconds(50), opening: .milliseconds(50))
        guard case .incidentClosed(let figures) = closing?.event.kind else { return nil }
        return figures.incident
    }

    @Test func `a drill during an incident is followed in that one`() async {
        watch.begin(after: 4, open: 4)
        tell(begun, .incidentUpdated(figures(4)), .incidentClosed(figures(4)))
        #expect(await closed() == 4)
    }

    @Test func `a drill of many ends the incident that was open, and its own is followed`() async {
        watch.begin(after: 4, open: 4)
        tell(begun, .incidentClosed(figures(4)))
        #expect(watch.followed == nil)
        tell(.incidentOpened(figures(5)))
        #expect(await closed() == nil)
        #expect(watch.followed == 5)
        tell(.incidentClosed(figures(5)))
        #expect(await closed() == 5)
    }

    @Test func `an incident that ends before the drill begins has nothing to do with it`() async {
        watch.begin(after: 4, open: 4)
        tell(.incidentClosed(figures(4)), begun, .incidentOpened(figures(5)))
        #expect(await closed() == nil)
        #expect(watch.followed == 5)
        tell(.incidentClosed(figures(5)))
        #expect(await closed() == 5)
    }

    @Test func `a drill that opens no incident is not taken for one that takes long`() async {
        watch.begin(after: 4)
        tell(begun)
        #expect(await closed() == nil)
        #expect(watch.followed == nil)
    }
}
