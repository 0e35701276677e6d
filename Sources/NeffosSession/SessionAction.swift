package import NIOCore
package import NeffosWire

/// Which end of the connection a machine plays.
package enum SessionRole: Sendable, Hashable { case client, server }

/// Whether frames that are no neffos message are taken (protocol section 2).
package enum NativeMessages: Sendable, Hashable {
    /// They are counted and ignored.
    case none
    /// They go to `_OnNativeMessage` beside ordinary messages.
    case mixed
    /// There is no ack and every frame is native.
    case only
}

/// What all connections of an endpoint share: one object, so that a connection pays one pointer for it.
package final class SessionRules: Sendable {
    package let role: SessionRole
    /// Namespaces that can be connected to.
    package let declaredNamespaces: Set<String>
    package let nativeMessages: NativeMessages
    /// 0: no bound.
    package let namespacesPerConnection: Int
    package let roomsPerConnection: Int
    /// The longest name of a room, in bytes.
    package let roomNameBytes: Int
    /// What may arrive before the ack: protocol section 2.
    package let framesBeforeAck: Int
    package let bytesBeforeAck: Int

    package init(
        role: SessionRole, declaredNamespaces: Set<String>, nativeMessages: NativeMessages = .none, namespacesPerConnection: Int = 32,
        roomsPerConnection: Int = 256, roomNameBytes: Int = 1024, framesBeforeAck: Int = 64, bytesBeforeAck: Int = 65536
    ) {
        self.role = role
        self.declaredNamespaces = declaredNamespaces
        self.nativeMessages = nativeMessages
        self.namespacesPerConnection = namespacesPerConnection
        self.roomsPerConnection = roomsPerConnection
        self.roomNameBytes = roomNameBytes
        self.framesBeforeAck = framesBeforeAck
        self.bytesBeforeAck = bytesBeforeAck
    }
}

/// Names something the local side asked for and waits for. The engine chooses it; the machine gives it back with the answer.
package typealias OperationID = UInt64

/// What a received frame leads to.
package enum SessionStep: Sendable {
    /// An event for its handler, the hot path: the namespace is connected and the room, if any, joined. The handler's outcome is the
    /// engine's to send (``Message/reply(_:)``, ``Message/failure(_:)``). An error (`isError`) is the other side's word on an emit of ours:
    /// its room need not be joined, and it is never answered.
    case deliver(Message)
    /// A native message for its handler.
    case deliverNative(Message)
    /// To be carried out in order, each finished before the next; later frames wait.
    case actions([SessionAction])
    /// The answer to something of ours: to be carried out at once, even while a handler is still running.
    case immediate([SessionAction])
    case ignore
}

/// What the engine does for a machine.
package enum SessionAction: Equatable, Sendable {
    /// Send a message.
    case send(Message)
    /// Send a text frame that is no message (`M`, `A…`, `H…`).
    case sendText(ByteBuffer)
    /// Server: decide whether to accept the client, then call `accept(id:)` or `refuse(_:)`.
    case decideAcknowledgement
    /// The ack is complete, with the connection's id (empty in native-only mode).
    case acknowledged(id: String)
    /// Client: the server refused with this text; it closes next.
    case refused(String)
    /// Frames that came before the ack; they are to be received now, ahead of anything else, in order.
    case replay([EarlyFrame])
    /// Call a handler. Where `call.awaitsOutcome`, its outcome goes into `resolve(_:refusal:)`, whose actions come before what follows.
    case call(HandlerCall)
    /// The connection is now in the namespace, or out of it.
    case entered(namespace: String)
    case left(namespace: String, forced: Bool)
    case denied(namespace: String, error: String)
    case joined(namespace: String, room: String)
    case parted(namespace: String, room: String, forced: Bool)
    case deniedRoom(namespace: String, room: String, error: String)
    /// An operation of ours has ended.
    case finish(OperationID, SessionOutcome)
    /// Count it and publish it.
    case violation(kind: String, detail: String)
    /// Close with a close frame.
    case close(CloseCode, reason: String)
}

/// A frame kept from before the ack.
package struct EarlyFrame: Equatable, Sendable {
    package var payload: ByteBuffer
    package var isBinary: Bool
    package init(payload: ByteBuffer, isBinary: Bool) {
        self.payload = payload
        self.isBinary = isBinary
    }
}

/// How an operation ended.
package enum SessionOutcome: Equatable, Sendable {
    case success(Message)
    /// The other side (or the local handler) refused with an error text.
    case refused(String)
    /// The connection was closed before an answer came.
    case closed
    /// No answer came in time, or the asker gave up.
    case expired
}

/// A call of one of the nine system events (protocol section 5).
package struct HandlerCall: Equatable, Sendable {
    package var event: SystemEvent
    package var namespace: String
    package var room: String
    /// The message that led to it; its body is what the other side said. Made up where the call is local.
    package var message: Message
    /// Whether the local side fired it.
    package var isLocal: Bool
    /// Whether it was not asked for: the connection went away or the namespace was left with rooms joined.
    package var isForced: Bool
    /// Whether the handler may refuse and `resolve(_:refusal:)` must be called.
    package var awaitsOutcome: Bool
    /// What the machine goes on with; opaque to the engine.
    package var continuation: Continuation

    package enum Continuation: Equatable, Sendable {
        case none
        /// The peer asked; the handler decides.
        case answerPeer
        /// We asked for it with this operation; the local handler is called before anything is sent.
        case askPeer(OperationID)
    }

    package init(
        event: SystemEvent, namespace: String, room: String = "", message: Message, isLocal: Bool, isForced: Bool, awaitsOutcome: Bool,
        continuation: Continuation
    ) {
        self.event = event
        self.namespace = namespace
        self.room = room
        self.message = message
        self.isLocal = isLocal
        self.isForced = isForced
        self.awaitsOutcome = awaitsOutcome
        self.continuation = continuation
    }
}

/// The events that the protocol itself fires (protocol section 5).
package enum SystemEvent: String, CaseIterable, Sendable {
    case namespaceConnect = "_OnNamespaceConnect"
    case namespaceConnected = "_OnNamespaceConnected"
    case namespaceDisconnect = "_OnNamespaceDisconnect"
    case roomJoin = "_OnRoomJoin"
    case roomJoined = "_OnRoomJoined"
    case roomLeave = "_OnRoomLeave"
    case roomLeft = "_OnRoomLeft"
    case any = "_OnAnyEvent"
    case nativeMessage = "_OnNativeMessage"
}
