extension Query {
    /// Whether it asks only for what a connection has: one that asks for more lets no connection through.
    public var isOfConnections: Bool { expression?.isOfConnections ?? true }
}

extension QueryExpression {
    fileprivate var isOfConnections: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.allSatisfy(\.isOfConnections)
        case .not(let part): part.isOfConnections
        case .word, .regex: true
        case .text(let field, _), .number(let field, _): field.isOfConnections
        }
    }
}
