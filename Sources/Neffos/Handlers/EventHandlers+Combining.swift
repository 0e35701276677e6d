/// Handlers that come from several places.
extension EventHandlers {
    /// The handlers of all `parts` together, as if each had been added to the first with `add(_:)`.
    public init(combining parts: [EventHandlers]) {
        self = parts.first ?? EventHandlers()
        for part in parts.dropFirst() { add(part) }
    }

    /// Adds the namespaces, handlers, middleware and known errors of `other`.
    ///
    /// Where both have a handler of the same event, that of `other` replaces ours; ``overlap(with:)`` tells beforehand. Its middleware comes
    /// after ours, so it is further inside, and goes on being for the namespaces it was for: all where it was for all, ours too. The
    /// ``coder`` and ``unknownErrorText`` stay ours.
    public mutating func add(_ other: EventHandlers) {
        for (namespace, events) in other.namespaces {
            declare(namespace)
            for (event, handler) in events { bind(EventBinding(event, handler), in: namespace) }
        }
        layers += other.layers
        know(other.knownErrors)
    }

    /// Adds a type whose methods are the events of a namespace, which is declared with it. They replace handlers of the same events.
    public mutating func add(_ handlers: some NamespaceHandlers) {
        declare(handlers.namespace)
        for binding in handlers.events { bind(binding, in: handlers.namespace) }
    }

    /// An event that has a handler.
    public struct Event: Sendable, Hashable, Comparable {
        /// The namespace that it is an event of.
        public var namespace: String
        /// Its name.
        public var name: String

        /// - Parameters:
        ///   - name: the event.
        ///   - namespace: its namespace.
        public init(_ name: String, in namespace: String) {
            self.namespace = namespace
            self.name = name
        }

        /// By namespace, then by name.
        public static func < (left: Event, right: Event) -> Bool {
            (left.namespace, left.name) < (right.namespace, right.name)
        }
    }

    /// All events that have a handler, in order of their names.
    public var events: [Event] { namespaces.flatMap { namespace, events in events.keys.map { Event($0, in: namespace) } }.sorted() }

    /// The events that both have a handler of: those that `add(_:)` would replace.
    public func overlap(with other: EventHandlers) -> [Event] {
        events.filter { other.namespaces[$0.namespace]?[$0.name] != nil }
    }
}
