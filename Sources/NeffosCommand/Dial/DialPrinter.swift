import Foundation
import NIOCore
import Neffos
import NeffosTerminalConsole
import Synchronization

/// Prints what comes to a client at the prompt: messages and replies on standard output, what happens to the connection on standard error.
final class DialPrinter: Sendable {
    enum Format: String, Sendable, CaseIterable { case text, json }

    let format: Format
    let mailbox = DialMailbox()
    /// Around each line, where a prompt is on the screen.
    let screen: DialScreen
    private let isLeaving = Atomic(false)

    /// The most of a body that is shown as text, in bytes.
    static let mostBytes = 64 << 10

    init(format: Format, screen: DialScreen) {
        self.format = format
        self.screen = screen
    }

    /// Handlers that print every event of these namespaces, and what happens to them.
    func handlers(for namespaces: Set<String>) -> EventHandlers {
        var handlers = EventHandlers()
        for namespace in namespaces {
            handlers.declare(namespace)
            handlers.on(SystemEventName.any, in: namespace) { _, message in
                self.message(message, type: "message")
                self.mailbox.add(message)
                return .none
            }
            tell(SystemEventName.namespaceConnected, as: "entered", in: namespace, &handlers)
            tell(SystemEventName.namespaceDisconnect, as: "left", in: namespace, &handlers)
            tell(SystemEventName.roomJoined, as: "joined", in: namespace, &handlers)
            tell(SystemEventName.roomLeft, as: "left", in: namespace, &handlers)
        }
        return handlers
    }

    /// From now on it is us who end all memberships, whoever seems to.
    func leave() { isLeaving.store(true, ordering: .relaxed) }

    private func tell(_ event: String, as word: String, in namespace: String, _ handlers: inout EventHandlers) {
        handlers.on(event, in: namespace) { connection, _ in
            let room = connection.room.isEmpty ? "" : " #\(connection.room)"
            let isUnasked = connection.isForced && !self.isLeaving.load(ordering: .relaxed)
            self.state("\(word) \(namespace)\(room)\(isUnasked ? ", not asked for" : "")")
            return .none
        }
    }

    // MARK: Lines

    func state(_ line: String) { screen.around { Output.error(line) } }

    func reply(_ message: Message) { self.message(message, type: "reply") }

    func room(_ namespace: String, _ room: String?) {
        switch format {
        case .text: screen.around { Output.line(namespace + (room.map { " #\($0)" } ?? "")) }
        case .json: json(Line(type: "room", namespace: namespace, room: room))
        }
    }

    func help() { screen.around { Output.text(DialScript.help) } }

    private func message(_ message: Message, type: String) {
        switch format {
        case .text:
            let line = type == "reply" ? Self.text(of: message.body) : Self.line(of: message)
            screen.around { Output.line(line) }
        case .json: json(Line(type: type, message))
        }
    }

    private struct Line: Encodable {
        var type: String
        var namespace: String
        var room: String?
        var event: String?
        var error: Bool?
        var body: String?
        /// In place of a body that is no UTF-8.
        var base64: String?

        init(type: String, namespace: String, room: String?) {
            self.type = type
            self.namespace = namespace
            self.room = room
        }

        init(type: String, _ message: Message) {
            self.type = type
            namespace = message.namespace
            room = message.room.isEmpty ? nil : message.room
            event = message.event
            error = message.isError ? true : nil
            body = String(validating: message.body.readableBytesView, as: UTF8.self)
            if body == nil { base64 = Data(message.body.readableBytesView).base64EncodedString() }
        }
    }

    private func json(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(line) else { return }
        screen.around { Output.line(String(decoding: data, as: UTF8.self)) }
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
