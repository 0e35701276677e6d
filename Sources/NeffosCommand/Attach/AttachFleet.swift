import Foundation
import Neffos
import NeffosConsole
import NeffosFeed
import NeffosObservatory
import Synchronization

/// The pictures of several servers elsewhere, all kept up; the console sees the chosen one's.
final class AttachFleet: ObservatorySource {
    struct Member: Sendable {
        var target: AttachTarget
        var source: AttachSource
    }

    let members: [Member]
    private let place = Mutex(0)
    private let lines = Mutex(ConsoleLog(capacity: 500))
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)
    private let told = Mutex<(@Sendable (String) -> Void)?>(nil)
    private let endings = Mutex<[Int: ClientState.Reason]>([:])
    private let ends: AsyncStream<AttachTarget.Ending>.Continuation
    /// The first server that does not come back, once none does.
    let ended: AsyncStream<AttachTarget.Ending>

    /// - Parameters:
    ///   - targets: at least one.
    ///   - makeSource: makes the picture of one of them.
    init(_ targets: [AttachTarget], _ makeSource: (AttachTarget) -> AttachSource = { _ in AttachSource() }) {
        members = targets.map { Member(target: $0, source: makeSource($0)) }
        (ended, ends) = AsyncStream.makeStream(of: AttachTarget.Ending.self, bufferingPolicy: .bufferingNewest(1))
        for (index, member) in members.enumerated() {
            member.source.whenTold { [weak self] in self?.hear($0, from: index) }
            Task { [weak self] in for await reason in member.source.ended { self?.end(index, reason) } }
        }
    }

    var isSingle: Bool { members.count == 1 }
    private var chosen: AttachSource { members[place.withLock { $0 }].source }

    // MARK: Connecting

    /// Connects to all of them at once. One of several that cannot be reached is knocked at on and on, as long as another can.
    ///
    /// - Throws: ``CommandFailure`` where none can be reached, or one of them says no.
    func attach(token: String?, trusting certificates: [String], calling name: String) async throws(CommandFailure) {
        let problems = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for (index, member) in members.enumerated() {
                group.addTask {
                    do {
                        try await member.source.attach(to: member.target.url, token: token, trusting: certificates, calling: name)
                        return (index, nil)
                    } catch {
                        return (index, error)
                    }
                }
            }
            var problems: [Int: any Error] = [:]
            for await (index, error) in group { problems[index] = error }
            return problems
        }
        let failures = problems.sorted { $0.key < $1.key }.map {
            (index: $0.key, isPassing: Self.isPassing($0.value), failure: failure($0.value, at: $0.key, hasToken: token != nil))
        }
        let fatal = failures.filter { problems.count == members.count || !$0.isPassing }
        if var first = fatal.first?.failure {
            first.lines = fatal.flatMap(\.failure.lines)
            throw first
        }
        for failed in failures {
            let member = members[failed.index]
            member.source.keepKnocking(
                at: member.target.url, token: token, trusting: certificates, calling: name,
                because: "\(problems[failed.index] ?? CancellationError())")
        }
    }

    private func failure(_ error: any Error, at index: Int, hasToken: Bool) -> CommandFailure {
        AttachAccess.failure(error, at: members[index].target, hasToken: hasToken)
    }

    /// Whether it may be otherwise later: the server is not there now.
    private static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case ClientError.unreachable(let text): !text.contains("certificate")
        case ClientError.dialTimedOut, ClientError.ackTimedOut, ClientError.closedBeforeAck, ClientError.upgradeRefused(503, _): true
        default: false
        }
    }

    func close() async {
        await withTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { await member.source.close() } }
        }
    }

    /// The clock of the chosen one.
    var clock: FeedTime { chosen.clock }

    /// Time passes for all of them.
    func advance() { for member in members { member.source.advance() } }

    // MARK: What the console sees

    func read<Result>(_ body: (Observatory) -> Result) -> Result { chosen.read(body) }
    var log: ConsoleLog { lines.withLock { $0 } }
    var status: SourceStatus { chosen.status }
    var control: (any OperatorControl)? { chosen.control }
    func take(_ figures: [ConnectionFigures], at time: FeedTime) { chosen.take(figures, at: time) }

    func whenChanged(_ call: (@Sendable () -> Void)?) {
        listener.withLock { $0 = call }
        for member in members { member.source.whenChanged(call) }
    }

    var nodes: [NodeSummary] {
        guard !isSingle else { return [] }
        let place = place.withLock { $0 }
        return members.enumerated().map { index, member in
            var summary = member.source.summary(id: index, fallback: member.target.name)
            summary.isChosen = index == place
            return summary
        }
    }

    func choose(node: Int) {
        guard members.indices.contains(node) else { return }
        place.withLock { $0 = node }
        listener.withLock { $0 }?()
    }

    // MARK: What is told

    /// Sets who hears each line of the log, beside the console.
    func whenTold(_ call: (@Sendable (String) -> Void)?) { told.withLock { $0 = call } }

    /// Adds a line that is of no server.
    func tell(_ text: String, _ level: ConsoleLog.Level) {
        lines.withLock { $0.append(ConsoleLog.Line(time: .now(), level: level, text: text)) }
        told.withLock { $0 }?(text)
        listener.withLock { $0 }?()
    }

    private func hear(_ line: ConsoleLog.Line, from index: Int) {
        var line = line
        if !isSingle { line.text = "\(members[index].target.name): \(line.text)" }
        lines.withLock { $0.append(line) }
        told.withLock { $0 }?(line.text)
        listener.withLock { $0 }?()
    }

    private func end(_ index: Int, _ reason: ClientState.Reason) {
        if !isSingle, reason != .requested {
            let text = AttachTarget.Ending(name: "it does not come back", reason: reason).sentence
            hear(ConsoleLog.Line(time: .now(), level: .error, text: text), from: index)
        }
        let first = endings.withLock { endings -> (Int, ClientState.Reason)? in
            endings[index] = reason
            guard endings.count == members.count else { return nil }
            return endings.min { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        guard let first else { return }
        ends.yield(AttachTarget.Ending(name: members[first.0].target.name, reason: first.1))
        ends.finish()
    }
}

extension AttachTarget {
    /// Why a server does not come back.
    struct Ending: Sendable {
        var name: String
        var reason: ClientState.Reason

        /// One line.
        var sentence: String {
            switch reason {
            case .requested: "\(name): left"
            case .closed(let info): "\(name): the server closed the connection: \(info.words); attach again"
            case .refused(let text): "\(name): the server refused: \(text); \(ReachAdvice.refused)"
            case .lost, .triesExhausted: "\(name): the server did not come back; check that it runs"
            }
        }
    }
}
