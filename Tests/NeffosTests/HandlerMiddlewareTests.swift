import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Neffos

@Suite struct HandlerMiddlewareTests {
    /// A middleware that writes its name before and after.
    private static func logging(_ name: String, _ log: ClientRecorder<String>) -> EventHandlers.Middleware {
        { _, message in
            log.add(name + "<" + message.event)
            return .proceedThen { outcome in
                log.add(name + ">")
                return try outcome.get()
            }
        }
    }

    private static func handlers(asynchronous: Bool) -> EventHandlers {
        HandlerFixture.make { handlers in
            if asynchronous {
                handlers.on("echo", in: "default") { _, message async in .body(message.body) }
            } else {
                handlers.on("echo", in: "default") { _, message in .body(message.body) }
            }
        }
    }

    @Test(arguments: [false, true])
    func `The first added is the outermost, whatever it is for and whatever kind it is`(asynchronous: Bool) async throws {
        let log = ClientRecorder<String>()
        var handlers = Self.handlers(asynchronous: asynchronous)
        handlers.use(in: "default", Self.logging("a", log))
        handlers.use { connection, message, next async throws in
            log.add("b<" + message.event)
            let reply = try await next(connection, message)
            log.add("b>")
            return reply
        }
        handlers.use(in: "other", Self.logging("other", log))
        handlers.use(Self.logging("c", log))
        #expect(try await handlers.answer("echo", "x") == .text("x"))
        #expect(log.all == ["a<echo", "b<echo", "c<echo", "c>", "b>", "a>"])
    }

    @Test(arguments: [false, true])
    func `A synchronous middleware leaves a handler what it is`(asynchronous: Bool) async throws {
        var handlers = Self.handlers(asynchronous: asynchronous)
        handlers.use(Self.logging("a", ClientRecorder()))
        #expect(handlers.isAsynchronous("echo") == asynchronous)
        handlers.use { connection, message, next async throws in try await next(connection, message) }
        #expect(handlers.isAsynchronous("echo"))
        #expect(try await handlers.answer("echo", "x") == .text("x"))
    }

    @Test(arguments: [false, true])
    func `It may change the message, the reply and the error, answer itself, and throw`(asynchronous: Bool) async throws {
        var handlers = Self.handlers(asynchronous: asynchronous)
        handlers.on("fail", in: "default") { _, _ in throw NeffosError("inner") }
        handlers.use { _, message in
            switch message.text {
            case "mine": return .reply(.text("yours"))
            case "no": throw NeffosError("refused")
            default: break
            }
            message.body = ByteBuffer(string: message.text + "!")
            return .proceedThen { outcome in
                switch outcome {
                case .success(.body(let body)): return .text(String(buffer: body) + "?")
                case .success(let reply): return reply
                case .failure(let error): throw NeffosError("outer \(error)")
                }
            }
        }
        #expect(try await handlers.answer("echo", "x") == .text("x!?"))
        #expect(try await handlers.answer("echo", "mine") == .text("yours"))
        await #expect(throws: NeffosError("refused")) { try await handlers.answer("echo", "no") }
        await #expect(throws: NeffosError("outer inner")) { try await handlers.answer("fail", "x") }
        var changed = Self.handlers(asynchronous: asynchronous)
        changed.use { connection, message, next async throws in
            var message = message
            message.body = ByteBuffer(string: "changed")
            return try await next(connection, message)
        }
        #expect(try await changed.answer("echo", "x") == .text("changed"))
    }

    @Test func `It is around handlers added later and the any-event's, and not around what has no handler`() async throws {
        let log = ClientRecorder<String>()
        var handlers = EventHandlers()
        handlers.use(Self.logging("a", log))
        handlers.on("late", in: "later") { _, _ in .none }
        #expect(try await handlers.answer("late", in: "later") == Reply.none)
        #expect(try await handlers.answer("unknown", in: "later") == nil)
        #expect(log.all == ["a<late", "a>"])
        handlers.onAny(in: "later") { _, _ in .none }
        #expect(try await handlers.answer("unknown", in: "later") == Reply.none)
        #expect(log.all == ["a<late", "a>", "a<unknown", "a>"])
    }

    @Test func `Only one that wants to sees system events, with or without a handler, in its namespace`() throws {
        let log = ClientRecorder<String>()
        var handlers = HandlerFixture.make { handlers in
            handlers.on(.roomJoin, in: "default") { _, _ in log.add("handler") }
            handlers.declare("other")
        }
        handlers.use(Self.logging("messages", log))
        #expect(HandlerTable(handlers).handler(of: LifecycleEvent.roomLeft.rawValue, in: "default").isMissing)
        handlers.use(in: "default", lifecycle: true, Self.logging("all", log))
        let table = HandlerTable(handlers)
        for event in LifecycleEvent.allCases {
            #expect(table.handler(of: event.rawValue, in: "other").isMissing)
            guard case .synchronous(let handle) = table.handler(of: event.rawValue, in: "default") else {
                Issue.record("\(event) is not synchronous")
                continue
            }
            #expect(try handle(.unused, Message(event: event.rawValue)) == Reply.none)
        }
        let expected = LifecycleEvent.allCases.flatMap { ["all<\($0.rawValue)"] + ($0 == .roomJoin ? ["handler"] : []) + ["all>"] }
        #expect(log.all == expected)
    }

    @Test func `Where there is none, handlers are what they were`() {
        let handlers = Self.handlers(asynchronous: false)
        #expect(handlers.composed().mapValues { Set($0.keys) } == ["default": ["echo"]])
    }
}

extension EventHandlers.Handler? {
    fileprivate var isMissing: Bool { if case .none = self { true } else { false } }
}

/// Over real sockets.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct HandlerMiddlewareServerTests {
    @Test func `A middleware refuses connects and joins for all namespaces, and messages by their sender`() async throws {
        var handlers = HandlerFixture.make { handlers in
            handlers.on("echo", in: "default") { _, message in .body(message.body) }
            handlers.declare("secret")
        }
        handlers.use(lifecycle: true) { connection, message in
            if connection.isForced { return .proceed }
            if connection.namespace == "secret" || connection.room == "staff" { throw NeffosError("staff only") }
            return .proceed
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member(of: ["lobby"])
            #expect(try await client.ask("secret;;_OnNamespaceConnect;0;0;") == ";secret;;_OnNamespaceConnect;1;0;staff only")
            #expect(try await client.ask("default;staff;_OnRoomJoin;0;0;") == ";default;staff;_OnRoomJoin;1;0;staff only")
            #expect(try await client.ask("default;lobby;echo;0;0;x") == ";default;lobby;echo;0;0;x")
        }
    }

    @Test func `The reply of a changed message goes where the ask came from`() async throws {
        var handlers = HandlerFixture.make { handlers in
            handlers.on("echo", in: "default") { _, message in .text(message.event + " " + message.text) }
        }
        handlers.use { _, message in
            message.event = "changed"
            message.wait = .none
            message.body = ByteBuffer(string: "too")
            return .proceed
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;echo;0;0;x") == ";default;;echo;0;0;changed too")
        }
    }

    @Test func `An asynchronous middleware can bound how long a handler takes`() async throws {
        let gate = Gate()
        var handlers = HandlerFixture.make { handlers in
            handlers.on("slow", in: "default") { _, message async throws in
                try await withTaskCancellationHandler {
                    await gate.pass()
                    try Task.checkCancellation()
                } onCancel: {
                    gate.open()
                }
                return .body(message.body)
            }
        }
        handlers.use { connection, message, next async throws in
            try await withThrowingTaskGroup(of: Reply.self) { group in
                group.addTask { try await next(connection, message) }
                group.addTask { throw NeffosError(.timeout) }
                defer { group.cancelAll() }
                return try await group.next() ?? .none
            }
        }
        try await ServerFixture.run(handlers) { server in
            let client = try await server.member()
            #expect(try await client.ask("default;;slow;0;0;x") == ";default;;slow;1;0;timeout")
        }
    }
}
