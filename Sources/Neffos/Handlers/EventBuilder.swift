/// Builds the events of a ``NamespaceHandlers``, with conditions and loops where they are needed.
@resultBuilder public enum EventBuilder {
    public static func buildExpression(_ binding: EventBinding) -> [EventBinding] { [binding] }
    public static func buildExpression(_ bindings: [EventBinding]) -> [EventBinding] { bindings }
    public static func buildBlock(_ parts: [EventBinding]...) -> [EventBinding] { parts.flatMap(\.self) }
    public static func buildOptional(_ part: [EventBinding]?) -> [EventBinding] { part ?? [] }
    public static func buildEither(first part: [EventBinding]) -> [EventBinding] { part }
    public static func buildEither(second part: [EventBinding]) -> [EventBinding] { part }
    public static func buildArray(_ parts: [[EventBinding]]) -> [EventBinding] { parts.flatMap(\.self) }
    public static func buildLimitedAvailability(_ part: [EventBinding]) -> [EventBinding] { part }
}
