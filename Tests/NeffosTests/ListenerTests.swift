import Foundation
import NIOCore
import NIOPosix
import NeffosFeed
import TestSupport
import Testing

@testable import Neffos

/// What a server can listen on beside an address, over real sockets.
@Suite(.fewAtOnce, .timeLimit(.minutes(1))) struct ListenerTests {
    /// A folder of the test's own; short, as the paths of sockets have to be.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/neffos-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static func server(_ listener: ServerConfiguration.Listener, _ hooks: ServerHooks = ServerHooks()) -> Server {
        var configuration = ServerConfiguration()
        configuration.listener = listener
        configuration.port = 0
        configuration.eventLoops = 2
        return Server(configuration: configuration, handlers: .defaultRelay, hooks: hooks, logger: ServerFixture.logger)
    }

    private static func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return UInt32(status.st_mode) & 0o777
    }

    // MARK: Unix sockets

    @Test func `Our client connects, asks and comes back over a Unix socket, whose file goes with the server`() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/new folder/a:b.sock"
            let server = Self.server(.unixSocket(path: path))
            try await server.start()
            #expect(server.url == "ws+unix://\(folder)/new%20folder/a%3Ab.sock:/echo")
            #expect(try Self.mode(path) == 0o600)
            #expect(try Self.mode("\(folder)/new folder") == 0o700)
            let client = try ClientFixture.client(server.url)
            try await client.connect()
            let namespace = try await client.connect(to: "default")
            #expect(try await namespace.ask("echo", "hi").text == "hi")
            let connection = try #require(server.connections.first)
            #expect(connection.remote == "unix")
            #expect(connection.request["Host"] == "localhost")
            let id = client.id
            let states = client.states
            await server.shutdown(grace: .seconds(5))
            #expect(!FileManager.default.fileExists(atPath: path))
            await states.until { if case .waiting = $0 { true } else { false } }
            let again = Self.server(.unixSocket(path: path, mode: 0o660))
            try await again.start()
            #expect(try Self.mode(path) == 0o660)
            await client.states.until { if case .connected(let now) = $0 { now != id } else { false } }
            #expect(client.tries >= 1)
            await client.close()
            await again.shutdown(grace: .zero)
        }
    }

    @Test func `A socket that is left behind is taken over, one that answers is not`() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/s"
            // Bound and never listened on: nobody answers.
            let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let address = try SocketAddress(unixDomainSocketPath: path)
            try #require(address.withSockAddr { bind(left, $0, socklen_t($1)) } == 0)
            Foundation.close(left)
            let server = Self.server(.unixSocket(path: path))
            try await server.start()
            let other = Self.server(.unixSocket(path: path))
            await #expect(throws: ListenError.socketInUse(path)) { try await other.start() }
            let client = try await RawClient.dial(path: path)
            #expect(try await client.http("HEAD").status == 302)
            await server.shutdown(grace: .zero)
            // What failed has left nothing behind, and may be started now.
            try await other.start()
            await other.shutdown(grace: .zero)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `Of many servers that start on one socket at once, one gets it`() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/s"
            let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let address = try SocketAddress(unixDomainSocketPath: path)
            try #require(address.withSockAddr { bind(left, $0, socklen_t($1)) } == 0)
            Foundation.close(left)
            let servers = (0..<8).map { _ in Self.server(.unixSocket(path: path)) }
            let started = await withTaskGroup(of: Bool.self) { group in
                for server in servers { group.addTask { (try? await server.start()) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(started == 1)
            let client = try await RawClient.dial(path: path)
            #expect(try await client.http("HEAD").status == 302)
            for server in servers { await server.shutdown(grace: .zero) }
        }
    }

    @Test func `A file that took the place of ours stays`() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/s"
            let server = Self.server(.unixSocket(path: path))
            try await server.start()
            unlink(path)
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
            await server.shutdown(grace: .zero)
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `What is no socket, and folders of others, are left alone and named`() async throws {
        try await Self.withFolder { folder in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
            await #expect(throws: ListenError.noSocket("\(folder)/file")) {
                try await Self.server(.unixSocket(path: "\(folder)/file")).start()
            }
            #expect(try String(contentsOfFile: "\(folder)/file", encoding: .utf8) == "mine")
            mkdir("\(folder)/open", 0o777)
            chmod("\(folder)/open", 0o777)
            await #expect(throws: ListenError.openFolder("\(folder)/open")) {
                try await Self.server(.unixSocket(path: "\(folder)/open/s")).start()
            }
            await #expect(throws: ListenError.relativePath("s")) { try await Self.server(.unixSocket(path: "s")).start() }
            let long = "\(folder)/" + String(repeating: "x", count: 100)
            await #expect(throws: ListenError.longPath(long)) { try await Self.server(.unixSocket(path: long)).start() }
            await #expect(throws: (any Error).self) { try await Self.server(.unixSocket(path: "\(folder)/a/b/s")).start() }
        }
    }

    // MARK: Descriptors

    @Test func `A socket that was passed in is listened on`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        let any = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        try #require(any.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        let server = Self.server(.descriptor(descriptor))
        let port = try #require(try await server.start().port)
        #expect(server.url == "ws://127.0.0.1:\(port)/echo")
        let client = try await RawClient.dial(port)
        #expect(try await client.upgrade().status == 101)
        await server.shutdown(grace: .zero)
    }

    @Test func `A passed Unix socket keeps its file`() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/s"
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let address = try SocketAddress(unixDomainSocketPath: path)
            try #require(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
            try #require(listen(descriptor, 1) == 0)
            let server = Self.server(.descriptor(descriptor))
            try await server.start()
            #expect(server.url == "ws+unix://\(path):/echo")
            #expect(try await RawClient.dial(path: path).http("HEAD").status == 302)
            await server.shutdown(grace: .zero)
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `A descriptor that is no stream socket is named`() async throws {
        try await Self.withFolder { folder in
            let file = open("\(folder)/f", O_RDWR | O_CREAT, 0o600)
            defer { close(file) }
            let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(datagrams) }
            for number in [file, datagrams, -1, 1 << 20] {
                await #expect(throws: ListenError.badDescriptor(number)) { try await Self.server(.descriptor(number)).start() }
            }
        }
    }
}
