import DequeModule
import NIOCore
import NeffosFeed
import NeffosSession
import NeffosWire
import Synchronization

/// One WebSocket connection that speaks neffos, on a server or on a client.
///
/// Bytes come in, frames and messages are parsed in place, and all replies of a read leave in one write. Its state belongs to its
/// event loop; every method may be called from anywhere and moves to that loop by itself.
// @unchecked Sendable: the mutable properties are touched on `loop.loop` only. Handlers, channel callbacks and timers run there; public
// methods check `inEventLoop` and hop (see `onLoop`). `id` is written once, before the connection is handed to anyone off the loop.
public final class Connection: @unchecked Sendable {
    /// The id the server gave; on a client empty until the ack.
    public internal(set) var id: String
    /// Who the client is across connections, if its identity header said so.
    let identityKey: String?
    /// `address:port` of the other side.
    public let remote: String
    /// The request it began with: target and headers, those from URL parameters included; empty on a client.
    public let request: RequestInfo
    /// Attempts the client made in the outage it came back from, 0 for a first connection.
    public let tries: Int
    /// On a server: the id that its client had before, where it said one that was lost.
    let previous: String?
    /// On a server: whether the client is known to speak TLS, with us or with its proxy.
    let isSecure: Bool

    let endpoint: Endpoint
    let loop: LoopContext
    let owner: any ConnectionOwner
    let openedAt: NIODeadline

    var context: ChannelHandlerContext?
    var parser: FrameParser
    var machine: SessionMachine
    /// Replies of the current read, serialized.
    var out = ByteBuffer()
    /// Frames that wait for a handler to end.
    var queue: Deque<EarlyFrame> = []
    var queueBytes = 0
    /// What the application keeps with it.
    let storage = ConnectionStorage()
    /// Made when the first operation is awaited.
    var operations: PendingOperations?
    var phase = Phase.open {
        didSet { isEnding.store(true, ordering: .releasing) }
    }
    /// Kept beside the machine's own, for a look at every message.
    var isAcknowledged = false
    /// Whether the outbox holds less than its bound.
    var isWritable = true
    var isBusy = false
    /// Reads are withheld: see ``mustWithhold``.
    var isPaused = false
    /// Broadcasts of this connection wait for a loop that is behind.
    var isThrottled = false
    var isReading = false
    /// Frames are being handled: the end of the connection waits until that is done, so that no handler runs inside another.
    var isParsing = false
    var isDirty = false
    /// An answer to our ping has to come.
    var isPinged = false
    var wheelSlot: Int32 = -1
    var lastReceived: NIODeadline
    var traffic = Traffic()
    var flood = FloodGuard()
    var deadline: Scheduled<Void>?
    /// Rows of actions that wait for an asynchronous handler in their midst.
    var rows: Int32 = 0
    /// What the end of the session leads to, where such a row has to be finished first.
    var ending: [SessionAction]?

    enum Phase: UInt8 {
        case open
        /// A close frame was sent; the other side's is awaited.
        case closing
        /// The last bytes are being written, then the channel closes.
        case finishing
        case closed
    }
    var closeCause: CloseInfo?
    /// Beside ``phase``, for whoever is elsewhere.
    let isEnding = Atomic<Bool>(false)
    /// Who waits for the end.
    var waitingForEnd: [CheckedContinuation<CloseInfo, Never>]?

    init(
        id: String, request: RequestInfo = .none, identityKey: String? = nil, remote: String, tries: Int = 0, previous: String? = nil,
        isSecure: Bool = false, endpoint: Endpoint, loop: LoopContext, owner: any ConnectionOwner
    ) {
        self.id = id
        self.identityKey = identityKey
        self.remote = remote
        self.request = request
        self.tries = tries
        self.previous = previous
        self.isSecure = isSecure
        self.endpoint = endpoint
        self.loop = loop
        self.owner = owner
        self.openedAt = .now()
        self.lastReceived = openedAt
        self.parser = FrameParser(role: endpoint.rules.role == .server ? .server : .client, limits: endpoint.wireLimits)
        self.machine = SessionMachine(rules: endpoint.rules)
    }

    /// What the client says it is: its `User-Agent`.
    public var userAgent: String? { request["User-Agent"] }

    /// Who the client is across connections: its identity header, else address and agent.
    public var key: String? { identityKey ?? (userAgent.map { "\(address) \($0)" } ?? address) }

    /// ``remote`` without the port.
    public var address: String {
        guard let colon = remote.lastIndex(of: ":") else { return remote }
        return remote[..<colon].trimmingBrackets
    }

    /// Whether this is a server's end.
    public var isServer: Bool { endpoint.rules.role == .server }

    /// A masking key where we are the client (RFC 6455 section 5.3).
    var mask: UInt32? { isServer ? nil : UInt32.random(in: .min ... .max) }

    // MARK: Writing

    /// Serializes a message into the replies of this read, or into a fresh buffer that the next flush sends.
    func send(_ message: consuming Message) {
        guard phase == .open, makeRoom() else { return }
        count(out: FrameSerializer.write(message, mask: mask, into: &out))
        flushSoon()
    }

    func sendText(_ payload: ByteBuffer) {
        guard phase == .open, makeRoom() else { return }
        FrameSerializer.writeText(payload, mask: mask, into: &out)
        flushSoon()
    }

    /// Sends a frame that is no neffos message (protocol section 2).
    func sendNative(_ payload: ByteBuffer, isBinary: Bool) {
        guard phase == .open, makeRoom() else { return }
        FrameSerializer.write(opcode: isBinary ? .binary : .text, fin: true, payload: payload, mask: mask, into: &out)
        count(out: payload.readableBytes)
        flushSoon()
    }

    /// Sends a frame that was serialized once for many.
    func send(frame: ByteBuffer, payloadBytes: Int) {
        guard phase == .open, makeRoom(), let context else { return }
        count(out: payloadBytes)
        if out.readableBytes > 0 {
            out.writeImmutableBuffer(frame)
        } else {
            context.write(NIOAny(frame), promise: nil)
        }
        flushSoon()
    }

    private func count(out bytes: Int) {
        traffic.countOut(bytes: bytes)
        loop.counters.traffic.countOut(bytes: bytes)
    }

    /// Whether the outbox can take one more message. One that already holds its bound closes the connection: a slow consumer
    /// (protocol section 6).
    private func makeRoom() -> Bool {
        // Before it counts as full: what was only written in this turn may still find room in the socket.
        if out.readableBytes >= Self.writeAtOnce || !isWritable, let context {
            writeOut(context)
            context.flush()
            guard phase == .open else { return false }
        }
        if out.capacity == 0 { out = loop.takeBuffer() }
        if isWritable { return true }
        close(.overloaded, reason: "slow consumer", by: isServer ? .server : .client)
        return false
    }

    /// Replies of one read are written when they reach this, so that a reader is not made to wait for the last.
    private static let writeAtOnce = 128 * 1024

    func flushSoon() {
        if isReading || isDirty { return }
        isDirty = true
        loop.markDirty(self)
    }

    private func writeOut(_ context: ChannelHandlerContext) {
        let buffer = out
        out = ByteBuffer()
        guard buffer.readableBytes > 0 else {
            loop.recycle(buffer)
            return
        }
        context.write(NIOAny(buffer), promise: nil)
    }

    /// Writes what is in the outbox, in one write.
    func flush() {
        isDirty = false
        guard let context else { return }
        let buffer = out
        out = ByteBuffer()
        if buffer.readableBytes > 0 {
            context.writeAndFlush(NIOAny(buffer), promise: nil)
        } else {
            context.flush()
        }
        if buffer.capacity > 0 { loop.recycle(buffer) }
    }

    // MARK: Moving to the loop

    /// Runs `body` on the connection's loop, at once if this is it, and flushes what it wrote.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.loop.inEventLoop {
            body()
            settle()
        } else {
            loop.gate.execute {
                body()
                self.settle()
            }
        }
    }

    /// The end of what came from outside a read: what was written leaves now.
    func settle() {
        if !loop.isReading { loop.flushDirty() }
    }
}

extension Substring {
    /// The address in an IPv6 address' brackets.
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
    }
}
