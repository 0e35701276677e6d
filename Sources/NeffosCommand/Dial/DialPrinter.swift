import Neffos
import Terminal
import NeffosTerminalConsole

/// Prints what comes to a client at the prompt.
enum DialPrinter {
    /// The most of a body that is shown, in bytes.
    static let mostBytes = 64 << 10

    /// Handlers that print every event of these namespaces, and what happens to them.
    static func handlers(for namespaces: Set<String>) -> EventHandlers {
        var handlers = EventHandlers()
        for namespace in namespaces {
            handlers.declare(namespace)
            handlers.on(SystemEventName.any, in: namespace) { _, message in
                Output.line(line(of: message))
                return .none
            }
            tell(SystemEventName.namespaceConnected, as: "entered", in: namespace, &handlers)
            tell(SystemEventName.namespaceDisconnect, as: "left", in: namespace, &handlers)
            tell(SystemEventName.roomJoined, as: "joined", in: namespace, &handlers)
            tell(SystemEventName.roomLeft, as: "left", in: namespace, &handlers)
        }
        return handlers
    }

    private static func tell(_ event: String, as word: String, in namespace: String, _ handlers: inout EventHandlers) {
        handlers.on(event, in: namespace) { connection, _ in
            let room = connection.room.isEmpty ? "" : " #\(connection.room)"
            Output.error("\(word) \(namespace)\(room)\(connection.isForced ? ", not asked for" : "")")
            return .none
        }
    }

    /// `NAMESPACE #ROOM EVENT BODY`
    static func line(of message: Message) -> String {
        let room = message.room.isEmpty ? "" : " #\(message.room)"
        let error = message.isError ? " error" : ""
        return "\(message.namespace)\(room) \(message.event)\(error) \(text(of: message.body))"
    }

    static func text(of body: ByteBuffer) -> String {
        let shown = String(decoding: body.readableBytesView.prefix(mostBytes), as: UTF8.self)
        let more = body.readableBytes - mostBytes
        return more > 0 ? "\(shown)… and \(more) bytes" : shown
    }
}
