import NIOCore
import Testing

@testable import Neffos

@Suite struct AdmissionTests {
    /// By reference, for expectations that change what they ask.
    private final class Door {
        private var admission: Admission
        init(_ limits: Admission.Limits) { admission = Admission(limits: limits) }
        var connections: Int { admission.connections }
        func places(at now: NIODeadline) -> Int { admission.places(at: now) }
        func probe(from address: String, at now: NIODeadline) -> Admission.Probe { admission.probe(from: address, at: now) }
        func upgrade(from address: String, at now: NIODeadline) -> Admission.Upgrade { admission.upgrade(from: address, at: now) }
        func turn(of address: String, isPresent: Bool, at now: NIODeadline) -> Bool {
            admission.turn(of: address, isPresent: isPresent, at: now)
        }
        func release(_ address: String) { admission.release(address) }
        func drain() { admission.drain() }
        func stop() { admission.stop() }
    }

    private func door(connections: Int = 0, perAddress: Int = 0, perSecond: Int = 0, hold: Int64 = 5) -> Door {
        Door(
            .init(
                connections: connections, perAddress: perAddress, probesPerSecond: perSecond, probeHold: .seconds(hold),
                placeHold: .seconds(10)))
    }

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `Without bounds everybody comes in at once`() {
        let admission = door()
        for _ in 0..<1000 {
            #expect(admission.probe(from: "a", at: start) == .answer(after: .zero))
            #expect(admission.upgrade(from: "a", at: start) == .accept)
        }
        #expect(admission.connections == 1000)
    }

    @Test func `A burst of one second's worth of probes is free, and then each has its turn`() {
        let admission = door(perSecond: 4)
        let waits = (0..<7).map { _ in admission.probe(from: "a", at: start) }
        let held: [Admission.Probe] = [250, 500, 750].map { .answer(after: .milliseconds($0)) }
        #expect(waits == Array(repeating: .answer(after: .zero), count: 4) + held)
        #expect(admission.probe(from: "a", at: start + .seconds(10)) == .answer(after: .zero))
    }

    @Test func `A probe whose turn is too far away is dropped and takes nobody's turn`() {
        let admission = door(perSecond: 1, hold: 2)
        #expect(admission.probe(from: "a", at: start) == .answer(after: .zero))
        #expect(admission.probe(from: "a", at: start) == .answer(after: .seconds(1)))
        #expect(admission.probe(from: "a", at: start) == .answer(after: .seconds(2)))
        #expect(admission.probe(from: "a", at: start) == .drop)
        #expect(admission.probe(from: "a", at: start) == .drop)
        #expect(admission.probe(from: "a", at: start + .seconds(1)) == .answer(after: .seconds(2)))
    }

    @Test func `An answered probe holds a place until its time is over`() {
        let admission = door(connections: 1)
        #expect(admission.probe(from: "a", at: start) == .answer(after: .zero))
        #expect(admission.probe(from: "b", at: start) == .drop)
        #expect(admission.upgrade(from: "b", at: start) == .refuse(status: 503, reason: "full"))
        #expect(admission.upgrade(from: "b", at: start + .seconds(10)) == .accept)
        #expect(admission.upgrade(from: "a", at: start + .seconds(10)) == .refuse(status: 503, reason: "full"))
    }

    @Test func `An upgrade takes the place that its probe held, once`() {
        let admission = door(connections: 2)
        _ = admission.probe(from: "a", at: start)
        #expect(admission.upgrade(from: "a", at: start) == .accept)
        #expect(admission.places(at: start) == 1)
        #expect(admission.upgrade(from: "a", at: start) == .accept)
        #expect(admission.upgrade(from: "a", at: start) == .refuse(status: 503, reason: "full"))
        #expect(admission.places(at: start + .seconds(60)) == 2)
        admission.release("a")
        admission.release("a")
        #expect(admission.places(at: start + .seconds(60)) == 0)
    }

    @Test func `An address has its bound, probes included`() {
        let admission = door(perAddress: 2)
        #expect(admission.upgrade(from: "a", at: start) == .accept)
        #expect(admission.probe(from: "a", at: start) == .answer(after: .zero))
        #expect(admission.probe(from: "a", at: start) == .drop)
        #expect(admission.upgrade(from: "a", at: start) == .accept)
        #expect(admission.upgrade(from: "a", at: start) == .refuse(status: 429, reason: "too many connections from one address"))
        #expect(admission.upgrade(from: "b", at: start) == .accept)
        admission.release("a")
        #expect(admission.upgrade(from: "a", at: start) == .accept)
    }

    @Test func `While draining only those come in whose probe was answered before`() {
        let admission = door()
        _ = admission.probe(from: "a", at: start)
        admission.drain()
        #expect(admission.probe(from: "b", at: start) == .drop)
        #expect(admission.upgrade(from: "b", at: start) == .refuse(status: 503, reason: "draining"))
        #expect(admission.upgrade(from: "a", at: start) == .accept)
        #expect(admission.upgrade(from: "a", at: start) == .refuse(status: 503, reason: "draining"))
    }

    @Test func `Once stopped, nobody comes in`() {
        let admission = door()
        _ = admission.probe(from: "a", at: start)
        admission.stop()
        #expect(admission.upgrade(from: "a", at: start) == .refuse(status: 503, reason: "stopped"))
    }

    @Test func `A held probe that went away, or whose turn comes in a drain, gives its place back`() {
        let admission = door(connections: 9, perSecond: 1)
        for _ in 0..<3 { _ = admission.probe(from: "a", at: start) }
        #expect(admission.turn(of: "a", isPresent: true, at: start + .seconds(1)))
        #expect(!admission.turn(of: "a", isPresent: false, at: start + .seconds(2)))
        #expect(admission.places(at: start + .seconds(2)) == 2)
        admission.drain()
        #expect(!admission.turn(of: "a", isPresent: true, at: start + .seconds(2)))
        #expect(admission.places(at: start + .seconds(2)) == 1)
        #expect(admission.places(at: start + .seconds(60)) == 0)
    }
}
