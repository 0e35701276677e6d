/// The handlers of an endpoint, laid out for being looked up once a message: few names are compared faster than they are hashed.
struct HandlerTable: Sendable {
    private struct Events: Sendable {
        var few: [(name: String, handler: EventHandlers.Handler)]
        var many: [String: EventHandlers.Handler]
        var any: EventHandlers.Handler?

        init(_ events: [String: EventHandlers.Handler]) {
            any = events[SystemEventName.any]
            if events.count <= HandlerTable.few {
                // Users' events first: they are looked for most.
                let names = events.keys.sorted {
                    (SystemEventName.isSystemEvent($0) ? 1 : 0, $0) < (SystemEventName.isSystemEvent($1) ? 1 : 0, $1)
                }
                few = names.compactMap { name in events[name].map { (name, $0) } }
                many = [:]
            } else {
                few = []
                many = events
            }
        }

        func handler(_ name: String) -> EventHandlers.Handler? {
            for event in few where event.name == name { return event.handler }
            return many.isEmpty ? nil : many[name]
        }
    }

    /// Up to this many names a scan is the faster way.
    private static let few = 12

    private let few: [(name: String, events: Events)]
    private let many: [String: Events]

    init(_ handlers: EventHandlers) {
        let namespaces = handlers.composed().mapValues { Events($0) }
        if namespaces.count <= Self.few {
            few = namespaces.map { ($0.key, $0.value) }
            many = [:]
        } else {
            few = []
            many = namespaces
        }
    }

    /// The handler of exactly this event.
    func handler(of event: String, in namespace: String) -> EventHandlers.Handler? {
        for entry in few where entry.name == namespace { return entry.events.handler(event) }
        return many.isEmpty ? nil : many[namespace]?.handler(event)
    }

    /// The handler of a user's event: its own, else that of any event.
    func handler(for event: String, in namespace: String) -> EventHandlers.Handler? {
        for entry in few where entry.name == namespace { return entry.events.handler(event) ?? entry.events.any }
        return many.isEmpty ? nil : many[namespace].flatMap { $0.handler(event) ?? $0.any }
    }
}
