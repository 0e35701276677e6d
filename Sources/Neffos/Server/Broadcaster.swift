import NIOCore
import NeffosWire
import Synchronization

/// Brings a message to all members of a room or namespace: serialized once, one hop per event loop, members found by index.
///
/// Each member gets the messages of one publisher in their order.
final class Broadcaster: Sendable {
    /// What is to be delivered on one loop.
    struct Delivery: Sendable {
        let namespace: String
        let room: String
        let frame: ByteBuffer
        let payloadBytes: Int
        let except: Exclusion
        /// Native messages without others have no namespace: they are for everybody (protocol section 2).
        let isForAll: Bool
    }

    private let loops: [(loop: any EventLoop, mailbox: Mailbox)]
    private let isNativeOnly: Bool

    init(_ contexts: [NIOLoopBound<LoopContext>], loops: [any EventLoop], congestion: Congestion, isNativeOnly: Bool) {
        self.isNativeOnly = isNativeOnly
        self.loops = zip(loops, contexts).map { ($0, Mailbox(context: $1, congestion: congestion)) }
    }

    func broadcast(_ message: Message, except: Exclusion) {
        let delivery = delivery(message, except: except)
        for (loop, mailbox) in loops {
            if loop.inEventLoop {
                // What waits from other loops was first.
                mailbox.deliverAll()
                mailbox.deliver(delivery)
            } else if mailbox.put(delivery) {
                loop.execute { mailbox.deliverAllAndFlush() }
            }
        }
    }

    private func delivery(_ message: Message, except: Exclusion) -> Delivery {
        var frame = ByteBuffer()
        if message.namespace.isEmpty, message.event == SystemEventName.nativeMessage {
            FrameSerializer.write(opcode: message.isBinary ? .binary : .text, fin: true, payload: message.body, mask: nil, into: &frame)
            return Delivery(
                namespace: "", room: message.room, frame: frame, payloadBytes: message.body.readableBytes, except: except,
                isForAll: isNativeOnly)
        }
        var copy = message
        // A token never travels to another client (protocol section 3).
        copy.wait = .none
        frame.reserveCapacity(MessageCodec.length(of: copy) + 10)
        let bytes = FrameSerializer.write(copy, mask: nil, into: &frame)
        return Delivery(
            namespace: copy.namespace, room: copy.room, frame: frame, payloadBytes: bytes, except: except, isForAll: false)
    }

    /// Deliveries on their way to a loop; a busy loop takes many in one hop. What they may grow to is ``Congestion``'s.
    private final class Mailbox: Sendable {
        private struct State {
            var deliveries: [Delivery] = []
            var bytes = 0
            var isCrowded = false
        }

        private let waiting = Mutex(State())
        private let context: NIOLoopBound<LoopContext>
        private let congestion: Congestion

        init(context: NIOLoopBound<LoopContext>, congestion: Congestion) {
            self.context = context
            self.congestion = congestion
        }

        /// Whether it was empty, so that somebody has to be sent.
        func put(_ delivery: Delivery) -> Bool {
            waiting.withLock { waiting in
                waiting.deliveries.append(delivery)
                waiting.bytes += delivery.frame.readableBytes + MemoryLayout<Delivery>.size
                if waiting.bytes > congestion.mailboxBytes, !waiting.isCrowded {
                    waiting.isCrowded = true
                    congestion.begins()
                }
                return waiting.deliveries.count == 1
            }
        }

        func deliverAll() {
            let taken = waiting.withLock { waiting in
                let all = waiting
                if !all.deliveries.isEmpty { waiting = State() }
                return all
            }
            for delivery in taken.deliveries { deliver(delivery) }
            if taken.isCrowded { congestion.ends() }
        }

        func deliverAllAndFlush() {
            deliverAll()
            context.value.flushDirty()
        }

        func deliver(_ delivery: Delivery) {
            if delivery.isForAll {
                for connection in context.value.wheel.all where connection.isAcknowledged && !delivery.except.contains(connection) {
                    connection.send(frame: delivery.frame, payloadBytes: delivery.payloadBytes)
                }
                return
            }
            guard let members = context.value.members.members(namespace: delivery.namespace, room: delivery.room) else { return }
            for member in members where !delivery.except.contains(member.connection) {
                member.connection.send(frame: delivery.frame, payloadBytes: delivery.payloadBytes)
            }
        }
    }
}
