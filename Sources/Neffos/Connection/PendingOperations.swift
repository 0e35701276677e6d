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

    mutating func finish(_ operation: OperationID, _ outcome: SessionOutcome) {
        guard let waiter = take(operation) else { return }
        switch outcome {
        case .success(let message): waiter.complete(.success(message))
        case .refused(let text): waiter.complete(.failure(NeffosError(text)))
        case .closed: waiter.complete(.failure(NeffosError(.writeClosed)))
        case .expired: waiter.complete(.failure(NeffosError(.timeout)))
        }
    }

    private mutating func take(_ operation: OperationID) -> Waiter? {
        guard let waiter = waiting.removeValue(forKey: operation) else { return nil }
        if !entries.isEmpty { entries[operation] = nil }
        waiter.deadline?.cancel()
        return waiter
    }

    mutating func fail(_ operation: OperationID, with error: any Error) {
        guard let waiter = take(operation) else { return }
        waiter.complete(.failure(error))
    }

    // MARK: Waiting for the other side's connect

    mutating func awaitEntry(to namespace: String, _ operation: OperationID, _ waiter: Waiter) {
        waiting[operation] = waiter
        entries[operation] = namespace
    }

    mutating func entered(_ namespace: String) {
        for (operation, wanted) in entries where wanted == namespace { finish(operation, .success(Message(namespace: namespace))) }
    }

    /// The connection is gone: nobody waits for ever.
    mutating func failAll() {
        for operation in waiting.keys { finish(operation, .closed) }
    }
}
