import Synchronization

/// Names a value of one's own that a ``Connection`` keeps.
///
/// ```swift
/// enum Account: ConnectionKey { typealias Value = User }
/// connection[Account.self] = user
/// ```
public protocol ConnectionKey: Sendable {
    /// What is kept.
    associatedtype Value: Sendable
}

/// The values that an application keeps with one connection. Nothing is allocated before the first.
struct ConnectionStorage: ~Copyable {
    private let values = Mutex<[ObjectIdentifier: any Sendable]?>(nil)

    func value<Key: ConnectionKey>(of key: Key.Type) -> Key.Value? {
        values.withLock { $0?[ObjectIdentifier(key)] as? Key.Value }
    }

    func update<Key: ConnectionKey, Result>(
        _ key: Key.Type, default initial: @autoclosure () -> Key.Value, _ change: (inout Key.Value) throws -> Result
    ) rethrows -> Result {
        try values.withLock { values in
            var value = values?[ObjectIdentifier(key)] as? Key.Value ?? initial()
            defer {
                values = values ?? [:]
                values?[ObjectIdentifier(key)] = value
            }
            return try change(&value)
        }
    }

    func set<Key: ConnectionKey>(_ value: Key.Value?, of key: Key.Type) {
        values.withLock { values in
            guard let value else {
                values?[ObjectIdentifier(key)] = nil
                return
            }
            values = values ?? [:]
            values?[ObjectIdentifier(key)] = value
        }
    }
}
