import NIOCore
import NeffosSession
import NeffosWire

/// Those who wait for an answer from the other side of one connection.
struct PendingOperations {
    private var waiting: [OperationID: Waiter] = [:]

    struct Waiter {
        let continuation: CheckedContinuation<Message, any Error>
        let deadline: Scheduled<Void>?
    }

    mutating func add(_ operation: OperationID, _ waiter: Waiter) { waiting[operation] = waiter }

    func isWaiting(_ operation: OperationID) -> Bool { waiting[operation] != nil }

    mutating func finish(_ operation: OperationID, _ outcome: SessionOutcome) {
        guard let waiter = waiting.removeValue(forKey: operation) else { return }
        waiter.deadline?.cancel()
        switch outcome {
        case .success(let message): waiter.continuation.resume(returning: message)
        case .refused(let text): waiter.continuation.resume(throwing: NeffosError(text))
        case .closed: waiter.continuation.resume(throwing: NeffosError(.writeClosed))
        case .expired: waiter.continuation.resume(throwing: NeffosError(.timeout))
        }
    }

    mutating func fail(_ operation: OperationID, with error: any Error) {
        guard let waiter = waiting.removeValue(forKey: operation) else { return }
        waiter.deadline?.cancel()
        waiter.continuation.resume(throwing: error)
    }

    /// The connection is gone: nobody waits for ever.
    mutating func failAll() {
        for operation in waiting.keys { finish(operation, .closed) }
    }
}
