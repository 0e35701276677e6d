import NIOCore

/// Going to many connections without keeping an event loop from its others.
extension Server {
    /// How many are read in one turn of a loop.
    static let readAtOnce = 256
    /// How many are written to or closed in one turn: each costs system calls.
    static let changedAtOnce = 64
    /// How many are waited for at once.
    static let askedAtOnce = 1024

    /// Calls `body` for each on its event loop, `atOnce` in a turn, and flushes what it wrote. Loops work beside each other.
    ///
    /// - Returns: what it gave, in no order; nothing for connections whose loop has ended.
    func visit<Value: Sendable>(
        _ connections: [Connection], atOnce: Int, _ body: @escaping @Sendable (Connection) -> Value?
    ) async -> [Value] {
        let byLoop = Dictionary(grouping: connections) { ObjectIdentifier($0.loop.loop) }
        return await withTaskGroup(of: [Value].self) { group in
            for connections in byLoop.values {
                group.addTask {
                    guard let gate = connections.first?.loop.gate else { return [] }
                    var values: [Value] = []
                    for first in stride(from: 0, to: connections.count, by: atOnce) {
                        let slice = connections[first..<min(first + atOnce, connections.count)]
                        let part = await gate.run {
                            let part = slice.compactMap(body)
                            slice.first?.settle()
                            return part
                        }
                        values += part ?? []
                    }
                    return values
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Calls `body` for each, as many at once as ``askedAtOnce`` says. Once the task is cancelled nobody more is asked.
    func ask<Value: Sendable>(
        _ connections: [Connection], _ body: @escaping @Sendable (Connection) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: Value.self) { group in
            var rest = connections[...]
            for connection in rest.prefix(Self.askedAtOnce) { group.addTask { await body(connection) } }
            rest = rest.dropFirst(Self.askedAtOnce)
            var values: [Value] = []
            for await value in group {
                values.append(value)
                if !Task.isCancelled, let next = rest.popFirst() { group.addTask { await body(next) } }
            }
            return values
        }
    }
}

extension LoopGate {
    /// Runs `body` on the loop in a turn of its own; nil where the loop has ended.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            if !tryExecute({ continuation.resume(returning: body()) }) { continuation.resume(returning: nil) }
        }
    }
}
