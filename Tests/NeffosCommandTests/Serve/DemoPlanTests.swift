import Testing

@testable import NeffosCommand

@Suite struct DemoPlanTests {
    private func steps(of plan: DemoPlan, until end: Int) -> [(at: Int, step: DemoPlan.Step)] {
        var plan = plan
        var steps: [(at: Int, step: DemoPlan.Step)] = []
        while let next = plan.next(), next.at < end { steps.append(next) }
        return steps
    }

    @Test func `the same seed is the same show, another seed another one`() {
        let one = steps(of: DemoPlan(clients: 20, seed: 1), until: 60_000)
        let again = steps(of: DemoPlan(clients: 20, seed: 1), until: 60_000)
        let other = steps(of: DemoPlan(clients: 20, seed: 2), until: 60_000)
        #expect(one.map(\.step) == again.map(\.step))
        #expect(one.map(\.step) != other.map(\.step))
    }

    @Test(arguments: [1, 3, 20, 1000])
    func `about every twenty seconds at least 15 percent drop at once, and now and then one stays away`(clients: Int) {
        let steps = steps(of: DemoPlan(clients: clients, seed: 7), until: 180_000)
        let groups = steps.filter { if case .drop(let group) = $0.step { group.count * 100 >= clients * 15 } else { false } }
        #expect((5...9).contains(groups.count))
        for case .drop(let group) in groups.map(\.step) {
            #expect(Set(group).count == group.count && group.allSatisfy { (0..<clients).contains($0) })
        }
        let away = steps.filter { if case .away = $0.step { true } else { false } }
        #expect((2...4).contains(away.count))
        for case .away(_, let milliseconds) in away.map(\.step) { #expect(milliseconds > 30_000) }
        // An incident waits for thirty seconds; a group in the meantime would keep it open.
        for gone in away {
            #expect(groups.allSatisfy { $0.at <= gone.at || $0.at > gone.at + 40_000 })
        }
    }

    @Test(arguments: [1, 20, 10_000])
    func `times never go back, and talk stays gentle`(clients: Int) {
        let steps = steps(of: DemoPlan(clients: clients, seed: 3), until: 30_000)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.at <= $1.at })
        let chats = steps.filter { if case .chat = $0.step { true } else { false } }
        #expect(!chats.isEmpty && chats.count <= 30 * 50)
    }

    @Test func `a chat goes to a room that its client is in`() {
        let plan = DemoPlan(clients: 20, seed: 5)
        for case .chat(let client, let room, _) in steps(of: plan, until: 60_000).map(\.step) {
            #expect(plan.rooms(of: client).contains(room))
        }
        for client in 0..<200 {
            let rooms = plan.rooms(of: client)
            #expect(rooms.first == "lobby" && Set(rooms).count == rooms.count && rooms.count >= 2)
        }
    }

    @Test func `no clients do nothing`() {
        var plan = DemoPlan(clients: 0, seed: 1)
        #expect(plan.next() == nil)
    }
}
