import NIOCore
import NeffosFeed
import NeffosWire
import Synchronization

/// Showing the messages of single connections in the feed.
extension Connection {
    /// Publishes a payload that came, or a frame's that goes. Called where ``isTapped`` says so, which is all that costs anything elsewhere.
    func show(_ payload: ByteBuffer, isBinary: Bool, _ direction: FeedEvent.Direction) {
        guard let skipped = watch?.budget.take(at: .now()) else { return }
        loop.feed?.publish(
            .message(TapText.message(payload, isBinary: isBinary, connection: id, direction: direction, skipped: skipped)))
    }

    func show(frame: ByteBuffer) {
        guard let (payload, isBinary) = TapText.payload(of: frame) else { return }
        show(payload, isBinary: isBinary, .out)
    }

    func show(_ message: Message, bytes: Int) {
        guard let skipped = watch?.budget.take(at: .now()) else { return }
        loop.feed?.publish(.message(TapText.message(message, bytes: bytes, connection: id, direction: .out, skipped: skipped)))
    }

    /// - Returns: false where it is not open any more.
    fileprivate func setTapped(_ isOn: Bool) -> Bool {
        guard phase == .open else { return false }
        if isOn, watch == nil { watch = ConnectionWatch() }
        if isOn, !isTapped { watch?.budget = TapBudget() }
        isTapped = isOn
        return true
    }
}

extension Server {
    /// Taps at once. Each shows up to 200 messages a second, and together they must not take the feed's room from everything else.
    static let mostTaps = 64

    func tap(_ targets: [Connection], _ isOn: Bool) async -> OperatorOutcome {
        let room = taps.withLock { taps in
            let new = targets.count { !taps.contains(ObjectIdentifier($0)) }
            guard isOn else { return true }
            guard taps.count + new <= Self.mostTaps else { return false }
            for target in targets { taps.insert(ObjectIdentifier(target)) }
            return true
        }
        guard room else { return .refused("at most \(Self.mostTaps) connections can be tapped at once; end other taps first") }
        let outcome = OperatorText.outcome(
            of: await visit(targets, atOnce: Self.changedAtOnce) { connection -> OperatorText.Part? in
                if connection.setTapped(isOn) { return .done }
                self.untap(connection)
                return .failed("it is closing already")
            }, total: targets.count)
        if !isOn { for target in targets { untap(target) } }
        return outcome
    }

    /// Frees the place of a tap.
    func untap(_ connection: Connection) { taps.withLock { _ = $0.remove(ObjectIdentifier(connection)) } }
}
