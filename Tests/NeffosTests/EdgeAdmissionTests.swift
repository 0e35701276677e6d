import NIOCore
import TestSupport
import Testing

@testable import Neffos

@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct EdgeAdmissionTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func admission(connections: Int = 0, perAddress: Int = 0) -> Admission {
        Admission(
            limits: .init(
                connections: connections, perAddress: perAddress, probesPerSecond: 0, probeHold: .seconds(5), placeHold: .seconds(10)))
    }

    @Test func `An IPv6 address counts with its network`() {
        var admission = admission(perAddress: 2)
        let accepted = ["2001:db8::1", "2001:db8:0:0:ffff::2"].map { admission.upgrade(from: $0, at: start) }
        #expect(accepted == [.accept, .accept])
        let third = admission.upgrade(from: "2001:db8::3", at: start)
        #expect(third == .refuse(status: 429, reason: "too many connections from one address"))
        let neighbour = admission.upgrade(from: "2001:db8:0:1::1", at: start)
        #expect(neighbour == .accept)
        admission.release("2001:db8::1")
        let probed = admission.probe(from: "2001:db8::4", at: start)
        #expect(probed == .answer(after: .zero))
        // From another address of the network: the place is its.
        let again = admission.upgrade(from: "2001:db8::5", at: start)
        #expect(again == .accept)
    }

    @Test func `Asking again on one connection holds one place only`() {
        var admission = admission(connections: 3)
        _ = admission.probe(from: "a", at: start)
        for _ in 0..<10 {
            let probe = admission.probeAgain(from: "a", at: start + .seconds(5))
            #expect(probe == .answer(after: .zero))
        }
        let places = [5, 14, 15].map { admission.places(at: start + .seconds($0)) }
        #expect(places == [1, 1, 0])
    }

    @Test func `No upgrade is refused for its rate, whatever the rate of probes`() {
        var admission = Admission(
            limits: .init(connections: 0, perAddress: 0, probesPerSecond: 1, probeHold: .zero, placeHold: .seconds(10)))
        let probes = (0..<3).map { _ in admission.probe(from: "a", at: start) }
        #expect(probes == [.answer(after: .zero), .drop, .drop])
        let upgrades = (0..<1000).map { _ in admission.upgrade(from: "a", at: start) }
        #expect(upgrades.allSatisfy { $0 == .accept })
    }

    @Test func `One connection that probes on and on keeps nobody out`() async throws {
        try await ServerFixture.run(.defaultRelay) {
            $0.limits.connections = 3
        } _: { server in
            let prober = try await server.dial()
            for _ in 0..<50 { #expect(try await prober.http("HEAD").status == 302) }
            #expect(server.server.places == 1)
            _ = try await server.acknowledged()
            _ = try await server.acknowledged()
            #expect(try await prober.upgrade().status == 101)
        }
    }
}
