@testable import Neffos
import TestSupport
import Testing

@Suite struct HandlerCombiningTests {
    private static func handlers(_ namespace: String, _ events: [String], answering text: String) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.declare(namespace)
        for event in events { handlers.on(event, in: namespace) { _, _ in .text(text) } }
        return handlers
    }

    @Test func `The handlers of all parts are there, and of two of the same event the later`() async throws {
        let one = Self.handlers("a", ["x", "y"], answering: "one")
        let two = Self.handlers("a", ["y", "z"], answering: "two")
        let three = Self.handlers("b", [], answering: "three")
        let all = EventHandlers(combining: [one, two, three])
        #expect(try await all.answer("x", in: "a") == .text("one"))
        #expect(try await all.answer("y", in: "a") == .text("two"))
        #expect(try await all.answer("z", in: "a") == .text("two"))
        #expect(all.declaredNamespaces == ["a", "b"])
        #expect(all.events == ["x", "y", "z"].map { EventHandlers.Event($0, in: "a") })
        #expect(one.overlap(with: two) == [EventHandlers.Event("y", in: "a")])
        #expect(one.overlap(with: three) == [])
        #expect(EventHandlers(combining: []).events == [])
    }

    @Test func `Middleware comes along, further inside and for what it was for`() async throws {
        let log = ClientRecorder<String>()
        func logged(_ name: String, in namespace: String?, _ handlers: EventHandlers) -> EventHandlers {
            var handlers = handlers
            handlers.use(in: namespace) { _, _ in
                log.add(name)
                return .proceed
            }
            return handlers
        }
        let one = logged("one", in: nil, Self.handlers("a", ["x"], answering: "one"))
        let two = logged("two", in: nil, logged("b only", in: "b", Self.handlers("b", ["x"], answering: "two")))
        let both = EventHandlers(combining: [one, two])
        _ = try await both.answer("x", in: "a")
        #expect(log.all == ["one", "two"])
        _ = try await both.answer("x", in: "b")
        #expect(log.all == ["one", "two", "one", "b only", "two"])
    }

    @Test func `Known errors come along once; the coder and the text of unknown errors stay`() {
        enum First: String, KnownError { case no = "first" }
        enum Second: String, KnownError { case no = "second" }
        var one = EventHandlers()
        one.know(First.self)
        one.coder = MarkedCoder()
        var two = EventHandlers()
        two.know(First.self, Second.self)
        two.unknownErrorText = { _ in "two" }
        let both = EventHandlers(combining: [one, two])
        #expect(both.knownErrors.count == 2)
        #expect(both.coder is MarkedCoder)
        #expect(both.unknownErrorText(First.no) == "internal error")
    }

    private struct MarkedCoder: MessageCoder {
        var isBinary: Bool { false }
        func encode<Value: Encodable>(_ value: Value) throws -> ByteBuffer { ByteBuffer() }
        func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value { throw NeffosError("never") }
    }
}
