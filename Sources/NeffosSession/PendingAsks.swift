/// What we have asked the peer and it has not answered yet.
///
/// Nothing is allocated until something is asked, and nothing is kept once all is answered.
struct PendingAsks {
    /// A change of membership that we asked for. There is one of a kind for a namespace and room: who asks for the same waits with it.
    struct Change {
        enum Kind { case connect, disconnect, join, leave }

        var token: UInt64
        var kind: Kind
        var namespace: String
        var room: String
        /// Whether it has gone to the peer; a connect first asks the local handler.
        var isSent: Bool
        /// The operation that began it: what its local handler call is known by, also when that operation has expired.
        var origin: OperationID
        var waiting: [OperationID]
    }

    private var asks: [UInt64: OperationID] = [:]
    private var tokens: [OperationID: UInt64] = [:]
    private(set) var changes: [Change] = []

    var isEmpty: Bool { asks.isEmpty && changes.isEmpty }

    func contains(_ token: UInt64) -> Bool { asks[token] != nil || changes.contains { $0.token == token && $0.isSent } }

    mutating func addAsk(_ token: UInt64, _ operation: OperationID) {
        assert(tokens[operation] == nil, "an operation asks once")
        asks[token] = operation
        tokens[operation] = token
    }

    mutating func takeAsk(_ token: UInt64) -> OperationID? {
        guard let operation = asks.removeValue(forKey: token) else { return nil }
        tokens.removeValue(forKey: operation)
        if asks.isEmpty { releaseAsks() }
        return operation
    }

    mutating func add(_ change: Change) { changes.append(change) }

    /// Lets `operation` wait for a pending change of that kind; false where there is none.
    mutating func join(_ kind: Change.Kind, _ namespace: String, _ room: String, _ operation: OperationID) -> Bool {
        guard let index = changes.firstIndex(where: { $0.kind == kind && $0.namespace == namespace && $0.room == room })
        else { return false }
        changes[index].waiting.append(operation)
        return true
    }

    /// The change that the peer answers with `token`. One that was not sent has no answer.
    mutating func takeChange(_ token: UInt64) -> Change? {
        changes.firstIndex { $0.token == token && $0.isSent }.map { removeChange(at: $0) }
    }

    /// The connect whose local handler was called for `origin`.
    func undecidedConnect(_ namespace: String, origin: OperationID) -> Change? {
        changes.first { !$0.isSent && $0.kind == .connect && $0.namespace == namespace && $0.origin == origin }
    }

    mutating func markSent(_ token: UInt64) {
        for index in changes.indices where changes[index].token == token { changes[index].isSent = true }
    }

    mutating func removeChange(_ token: UInt64) {
        if let index = changes.firstIndex(where: { $0.token == token }) { removeChange(at: index) }
    }

    /// Forgets the operation, and the change that nobody waits for any more. False: it was not pending.
    mutating func expire(_ operation: OperationID) -> Bool {
        if let token = tokens[operation] { return takeAsk(token) != nil }
        guard let index = changes.firstIndex(where: { $0.waiting.contains(operation) }) else { return false }
        changes[index].waiting.removeAll { $0 == operation }
        if changes[index].waiting.isEmpty { removeChange(at: index) }
        return true
    }

    /// All operations, in the order in which they were asked.
    mutating func removeAll() -> [OperationID] {
        var operations = asks.map { (token: $0.key, operation: $0.value) }
        for change in changes { operations += change.waiting.map { (token: change.token, operation: $0) } }
        self = PendingAsks()
        return operations.sorted { ($0.token, $0.operation) < ($1.token, $1.operation) }.map(\.operation)
    }

    @discardableResult
    private mutating func removeChange(at index: Int) -> Change {
        let change = changes.remove(at: index)
        if changes.isEmpty { changes = [] }
        return change
    }

    private mutating func releaseAsks() {
        asks = [:]
        tokens = [:]
    }
}
