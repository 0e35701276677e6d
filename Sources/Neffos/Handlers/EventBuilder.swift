/// Builds the events of a ``NamespaceHandlers``, with conditions and loops where they are needed.
@resultBuilder public enum EventBuilder {
    /// An event.
    public static func buildExpression(_ binding: EventBinding) -> [EventBinding] { [binding] }
    /// Several events.
    public static func buildExpression(_ bindings: [EventBinding]) -> [EventBinding] { bindings }
    /// All of a block, in order.
    public static func buildBlock(_ parts: [EventBinding]...) -> [EventBinding] { parts.flatMap(\.self) }
    /// An `if`.
    public static func buildOptional(_ part: [EventBinding]?) -> [EventBinding] { part ?? [] }
    /// The one branch of an `if` or `switch`.
    public static func buildEither(first part: [EventBinding]) -> [EventBinding] { part }
    /// The other branch.
    public static func buildEither(second part: [EventBinding]) -> [EventBinding] { part }
    /// A `for`.
    public static func buildArray(_ parts: [[EventBinding]]) -> [EventBinding] { parts.flatMap(\.self) }
    /// An `if #available`.
    public static func buildLimitedAvailability(_ part: [EventBinding]) -> [EventBinding] { part }
}
