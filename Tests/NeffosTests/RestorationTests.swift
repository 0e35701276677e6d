import NeffosSession
import Testing

@testable import Neffos

/// The order in which a client enters again what it was in.
@Suite struct RestorationTests {
    private let memberships = [
        Membership(namespace: "chat", rooms: ["lobby", "attic"]), Membership(namespace: "empty"),
        Membership(namespace: "news", rooms: ["all"]),
    ]

    /// What is entered, and which namespaces are told as entered, `!` before them.
    private func walk(wanted: [Membership]? = nil, failing: [Restoration.Entry] = []) -> [String] {
        var restoration = Restoration(memberships)
        var seen: [String] = []
        while let entry = restoration.next(wanted: wanted ?? memberships, hasEntered: { seen.append("!" + $0) }) {
            seen.append(entry.namespace + (entry.room.map { "/" + $0 } ?? ""))
            if failing.contains(entry), entry.room == nil { restoration.skip(entry.namespace) }
        }
        return seen
    }

    @Test func `each namespace comes before its rooms, and is entered when they are`() {
        #expect(walk() == ["chat", "chat/lobby", "chat/attic", "!chat", "empty", "!empty", "news", "news/all", "!news"])
    }

    @Test func `what was left meanwhile is left out`() {
        let wanted = [Membership(namespace: "chat", rooms: ["attic"]), Membership(namespace: "news", rooms: [])]
        #expect(walk(wanted: wanted) == ["chat", "chat/attic", "!chat", "news", "!news"])
    }

    @Test func `the rooms of a namespace that refuses are not tried`() {
        #expect(walk(failing: [.init(namespace: "chat")]) == ["chat", "empty", "!empty", "news", "news/all", "!news"])
    }

    @Test func `nothing is entered where there was nothing`() {
        var restoration = Restoration([])
        #expect(restoration.next(wanted: [], hasEntered: { _ in }) == nil)
    }
}
