import NIOCore
import Synchronization

/// Who is here. None of these stops an event loop for longer than it takes to copy what one loop knows.
extension Server {
    /// How many connections there are.
    public var connectionCount: Int { registry.count }

    /// The connections there are, in no order.
    public var connections: [Connection] { registry.all }

    /// The connection with this id.
    public func connection(_ id: String) -> Connection? { registry.connection(id) }

    /// Calls `body` for each connection, on that connection's event loop: it must not block. Loops serve others in between.
    public func forEachConnection(_ body: @escaping @Sendable (Connection) -> Void) async {
        let byLoop = Dictionary(grouping: connections) { ObjectIdentifier($0.loop.loop) }
        for connections in byLoop.values {
            guard let loop = connections.first?.loop.loop else { continue }
            for first in stride(from: 0, to: connections.count, by: Self.slice) {
                let slice = connections[first..<min(first + Self.slice, connections.count)]
                try? await loop.submit { for connection in slice where connection.phase != .closed { body(connection) } }.get()
            }
        }
    }

    /// Connections that are visited in one turn of a loop.
    private static let slice = 256

    /// The members of a namespace, or of one of its rooms.
    public func members(of namespace: String, room: String = "") async -> [Connection] {
        await gather { $0.members(namespace: namespace, room: room).map { $0.map(\.connection) } ?? [] }.flatMap { $0 }
    }

    /// How many members a namespace has, or one of its rooms.
    public func memberCount(of namespace: String, room: String = "") async -> Int {
        await gather { $0.members(namespace: namespace, room: room)?.count ?? 0 }.reduce(0, +)
    }

    /// The rooms of a namespace that have a member, with their number of members.
    public func rooms(in namespace: String) async -> [String: Int] {
        await gather { $0.namespaces[namespace]?.rooms.mapValues(\.count) ?? [:] }
            .reduce(into: [:]) { total, rooms in total.merge(rooms, uniquingKeysWith: +) }
    }

    private func gather<Part: Sendable>(_ read: @escaping @Sendable (MemberIndex) -> Part) async -> [Part] {
        guard let running = running.withLock({ $0 }) else { return [] }
        var parts: [Part] = []
        for context in running.contexts.values {
            if let part = try? await context.eventLoop.submit({ read(context.value.members) }).get() { parts.append(part) }
        }
        return parts
    }
}
