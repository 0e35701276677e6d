import NeffosSession

/// The handlers of an endpoint, by namespace and event.
///
/// ```swift
/// var handlers = EventHandlers()
/// handlers.on("echo", in: "default") { _, message in .body(message.body) }
/// ```
///
/// The names of the nine system events (protocol section 5) are events too: a handler of `_OnNamespaceConnect`, `_OnRoomJoin`, `_OnRoomLeave`
/// or `_OnNamespaceDisconnect` refuses by throwing.
public struct EventHandlers: Sendable {
    /// Runs at once, on the event loop of its connection: it must not block.
    public typealias Synchronous = @Sendable (NamespaceConnection, Message) throws -> Reply
    /// Starts at once on the event loop of its connection, where it may wait: later messages of that connection wait with it.
    public typealias Asynchronous = @Sendable (NamespaceConnection, Message) async throws -> Reply

    enum Handler: Sendable {
        case synchronous(Synchronous)
        case asynchronous(Asynchronous)
    }

    private(set) var namespaces: [String: [String: Handler]] = [:]

    public init() {}

    /// Makes `namespace` one that can be connected to, whether it has handlers or not.
    public mutating func declare(_ namespace: String) {
        namespaces[namespace, default: [:]] = namespaces[namespace] ?? [:]
    }

    /// Handles `event` of `namespace`, which is declared with it. A second handler of the same event replaces the first.
    public mutating func on(_ event: String, in namespace: String, _ handler: @escaping Synchronous) {
        namespaces[namespace, default: [:]][event] = .synchronous(handler)
    }

    /// Handles `event` of `namespace` with a handler that may wait.
    @_disfavoredOverload
    public mutating func on(_ event: String, in namespace: String, _ handler: @escaping Asynchronous) {
        namespaces[namespace, default: [:]][event] = .asynchronous(handler)
    }

    /// The namespaces that can be connected to; native messages have none.
    var declaredNamespaces: Set<String> { Set(namespaces.keys) }

    /// Whether frames that are no neffos message are taken: protocol section 2.
    var nativeMessages: NativeMessages {
        guard namespaces[""]?[SystemEventName.nativeMessage] != nil else { return .none }
        return namespaces.count == 1 && namespaces[""]?.count == 1 ? .only : .mixed
    }

}
