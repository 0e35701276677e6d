import NIOCore
import NeffosSession

/// Stands before a client's ``Connection`` and tells in which namespaces and rooms it was, before the end of the channel empties them.
///
/// It is also what a client notices the end of the channel by, so that it knows of it before any handler of the forced events runs.
final class MembershipWitness: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let connection: Connection
    private let report: @Sendable (Connection, [Membership]) -> Void

    init(_ connection: Connection, report: @escaping @Sendable (Connection, [Membership]) -> Void) {
        self.connection = connection
        self.report = report
    }

    func channelInactive(context: ChannelHandlerContext) {
        report(connection, connection.machine.membership)
        context.fireChannelInactive()
    }
}
