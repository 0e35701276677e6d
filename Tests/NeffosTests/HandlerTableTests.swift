import NeffosSession
import Testing

@testable import Neffos

@Suite struct HandlerTableTests {
    /// What the handler answers, as proof of which it is.
    private func name(_ handler: EventHandlers.Handler?) throws -> String? {
        guard case .synchronous(let handle) = handler else { return nil }
        do {
            _ = try handle(NamespaceConnection.unused, .init())
        } catch let error as NeffosError {
            return error.text
        }
        return nil
    }

    private func handlers(namespaces: Int, events: Int) -> EventHandlers {
        var handlers = EventHandlers()
        for namespace in 0..<namespaces {
            handlers.declare("n\(namespace)")
            for event in 0..<events {
                handlers.on("e\(event)", in: "n\(namespace)") { _, _ in throw NeffosError("n\(namespace)e\(event)") }
            }
        }
        return handlers
    }

    @Test(arguments: [1, 12, 13, 40], [0, 1, 12, 13, 40])
    func `Every event finds its own handler, however many there are`(namespaces: Int, events: Int) throws {
        let table = HandlerTable(handlers(namespaces: namespaces, events: events))
        for namespace in 0..<namespaces {
            for event in 0..<events {
                #expect(try name(table.handler(for: "e\(event)", in: "n\(namespace)")) == "n\(namespace)e\(event)")
                #expect(try name(table.handler(of: "e\(event)", in: "n\(namespace)")) == "n\(namespace)e\(event)")
            }
            #expect(table.handler(for: "other", in: "n\(namespace)") == nil)
        }
        #expect(table.handler(for: "e0", in: "other") == nil)
    }

    @Test(arguments: [1, 40])
    func `The handler of any event takes what has none of its own, but no system event`(events: Int) throws {
        var handlers = handlers(namespaces: 1, events: events)
        handlers.on(SystemEventName.any, in: "n0") { _, _ in throw NeffosError("any") }
        let table = HandlerTable(handlers)
        #expect(try name(table.handler(for: "other", in: "n0")) == "any")
        #expect(try name(table.handler(for: "e0", in: "n0")) == "n0e0")
        #expect(table.handler(of: SystemEventName.roomJoin, in: "n0") == nil)
    }

    @Test func `Native messages are taken alone, beside others, or not at all`() {
        var handlers = EventHandlers()
        #expect(handlers.nativeMessages == .none)
        handlers.on(SystemEventName.nativeMessage, in: "") { _, _ in .none }
        #expect(handlers.nativeMessages == .only)
        handlers.declare("default")
        #expect(handlers.nativeMessages == .mixed)
    }
}

extension EventHandlers.Handler? {
    fileprivate static func == (left: Self, right: Self) -> Bool { left.isNone && right.isNone }
    private var isNone: Bool { if case .none = self { true } else { false } }
}

extension NamespaceConnection {
    /// Of nobody: for handlers that do not look.
    static var unused: NamespaceConnection { NamespaceConnection(connection: ServerNobody.connection(), namespace: "") }
}
