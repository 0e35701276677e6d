import Logging
import NIOCore
import NIOPosix
import NeffosSession
import NeffosWire
import Testing

@testable import Neffos

/// Owns connections that were never opened.
final class ServerNobody: ConnectionOwner {
    func decideAcknowledgement(of connection: Connection) {}
    func acknowledged(_ connection: Connection) {}
    func refused(_ connection: Connection, text: String) {}
    func broadcast(_ message: Message, from connection: Connection?) {}
    func closed(_ connection: Connection, info: CloseInfo) {}

    private static let endpoint = Endpoint(
        rules: SessionRules(role: .server, declaredNamespaces: []), handlers: EventHandlers(), messageBytes: 0, outboxBytes: 0,
        heartbeatEvery: .zero, heartbeatTimeout: .zero, logger: ServerFixture.logger)

    /// A connection without a channel.
    static func connection(_ id: String = "") -> Connection {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return Connection(id: id, remote: "[::1]:1", endpoint: endpoint, loop: LoopContext(loop: loop, feed: nil), owner: ServerNobody())
    }
}

@Suite struct MemberIndexTests {
    private func ids(_ members: Set<MemberIndex.Member>?) -> [String]? { members.map { $0.map(\.connection.id).sorted() } }

    @Test func `Members are found by namespace and by room`() {
        var index = MemberIndex()
        let (one, two) = (ServerNobody.connection("1"), ServerNobody.connection("2"))
        index.enter(one, namespace: "n")
        index.enter(two, namespace: "n")
        index.join(one, namespace: "n", room: "r")
        index.join(one, namespace: "n", room: "r")
        #expect(ids(index.members(namespace: "n", room: "")) == ["1", "2"])
        #expect(ids(index.members(namespace: "n", room: "r")) == ["1"])
        #expect(index.members(namespace: "n", room: "s") == nil)
        #expect(index.members(namespace: "m", room: "") == nil)
    }

    @Test func `Nothing is left of a room or namespace that the last member has left`() {
        var index = MemberIndex()
        let one = ServerNobody.connection("1")
        index.enter(one, namespace: "n")
        index.join(one, namespace: "n", room: "r")
        index.part(one, namespace: "n", room: "r")
        #expect(index.namespaces["n"]?.rooms.isEmpty == true)
        index.leave(one, namespace: "n")
        #expect(index.namespaces.isEmpty)
        index.part(one, namespace: "n", room: "r")
        index.leave(one, namespace: "n")
        #expect(index.namespaces.isEmpty)
    }

    @Test func `A room without its namespace is nobody's`() {
        var index = MemberIndex()
        index.join(ServerNobody.connection(), namespace: "n", room: "r")
        #expect(index.namespaces.isEmpty)
    }

    @Test func `The address of an IPv6 connection has no brackets`() {
        #expect(ServerNobody.connection().address == "::1")
    }
}
