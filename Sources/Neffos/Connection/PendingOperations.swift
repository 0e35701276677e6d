import NIOCore
import NeffosSession
import NeffosWire

/// Those who wait for an answer from the other side of one connection.
struct PendingOperations {
    private var waiting: [OperationID: Waiter] = [:]
    /// Of these, those that wait to be in a namespace.
    private var entries: [OperationID: String] = [:]

    typealias Completion = @Sendable (Result<Message, any Error>) -> Void

    struct Waiter {
        let complete: Completion
        let deadline: Scheduled<Void>?
    }

    mutating func add(_ operation: OperationID, _ waiter: Waiter) { waiting[operation] = waiter }

    func isWaiting(_ operation: OperationID) -> Bool { waiting[operation] != nil }

    /// Whoever waited is to be told by the caller, once nothing here is being changed: it may ask again at once.
    mutating func take(_ operation: OperationID) -> Waiter? {
        guard let waiter = waiting.removeValue(forKey: operation) else { return nil }
        if !entries.isEmpty { entries[operation] = nil }
        waiter.deadline?.cancel()
        return waiter
    }

    // MARK: Waiting for the other side's connect

    mutating func awaitEntry(to namespace: String, _ operation: OperationID, _ waiter: Waiter) {
        waiting[operation] = waiter
        entries[operation] = namespace
    }

    /// Those who waited for this namespace.
    mutating func takeEntries(to namespace: String) -> [Waiter] {
        guard !entries.isEmpty else { return [] }
        return entries.filter { $0.value == namespace }.keys.compactMap { take($0) }
    }

    /// The connection is gone: nobody waits for ever.
    mutating func takeAll() -> [Waiter] { waiting.keys.compactMap { take($0) } }
}

extension PendingOperations.Waiter {
    func finish(_ outcome: SessionOutcome) {
        switch outcome {
        case .success(let message): complete(.success(message))
        case .refused(let text): complete(.failure(NeffosError(text)))
        case .closed: complete(.failure(NeffosError(.writeClosed)))
        case .expired: complete(.failure(NeffosError(.timeout)))
        }
    }
}
