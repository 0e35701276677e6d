import Foundation
import Neffos
import NeffosFeed
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct AttachTargetTests {
    private static let environment = ["TMPDIR": "/var/tmp"]

    @Test(arguments: [
        ("/run/a b/x.sock", "ws+unix:///run/a%20b/x.sock:/feed"), ("unix:/run/x.sock", "ws+unix:///run/x.sock:/feed"),
        ("127.0.0.1:9000", "ws://127.0.0.1:9000/feed"), ("[::1]:9000", "ws://[::1]:9000/feed"), ("ws://h:1", "ws://h:1/feed"),
        ("ws://h:1/", "ws://h:1/feed"), ("wss://h:1/behind/feed", "wss://h:1/behind/feed"), ("https://h", "wss://h/feed"),
        ("ws+unix:///x.sock", "ws+unix:///x.sock:/feed"), ("ws+unix:///x.sock:/feed", "ws+unix:///x.sock:/feed"),
        ("ws+unix:///x.sock:/", "ws+unix:///x.sock:/feed"), ("8080", "ws+unix:///var/tmp/neffos-\(getuid())/8080.sock:/feed"),
    ])
    func `an address is a path, a port, or a URL`(text: String, url: String) throws {
        #expect(try AttachTarget(parsing: text, environment: Self.environment).url == url)
    }

    @Test(arguments: [
        ("/run/a b/x.sock", "/run/a b/x.sock"), ("unix:/run/x.sock", "/run/x.sock"), ("/run/web:1%20.sock", "/run/web:1%20.sock"),
        ("ws+unix:///a%20b.sock", "/a b.sock"), ("WS+Unix:///x.sock:/other", "/x.sock"), ("ws+unix:///%3A.sock:/feed", "/:.sock"),
        ("8080", "/var/tmp/neffos-\(getuid())/8080.sock"), ("ws://h:1", nil), ("wss://h/unix/x.sock", nil), ("h:1", nil),
    ])
    func `a socket's path is known, whatever is in it`(text: String, path: String?) throws {
        #expect(try AttachTarget(parsing: text, environment: Self.environment).socketPath == path)
    }

    @Test func `a socket without permission is its owner's`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data().write(to: URL(fileURLWithPath: folder.file("a b.sock")))
        let target = try AttachTarget(parsing: folder.file("a b.sock"), environment: Self.environment)
        #expect(target.socketPath == folder.file("a b.sock"))
        let owner = try #require(target.socketOwner)
        let failure = AttachAccess.failure(ClientError.unreachable("Permission denied"), at: target, hasToken: false)
        #expect(
            failure.lines == [
                "\(folder.file("a b.sock")): no permission for this socket; \(AttachAccess.whoMay(owner))"
            ])
        #expect(AttachAccess.whoMay("alice") == "attach as alice, whose it is, or as root")
        #expect(AttachAccess.whoMay("root") == "attach as root, whose it is")
        #expect(AttachAccess.whoMay(nil) == "attach as the user whose it is, or as root")
        let elsewhere = try AttachTarget(parsing: "ws://h:1", environment: Self.environment)
        #expect(elsewhere.socketPath == nil && elsewhere.socketOwner == nil)
    }

    @Test(arguments: ["", "0", "99999", "host", "a b:1", "h:99999"])
    func `what is none says what one is`(text: String) {
        do {
            let target = try AttachTarget(parsing: text, environment: Self.environment)
            Issue.record("\(target)")
        } catch {
            #expect(error.advice.hasPrefix("write a socket's path"))
        }
    }

    @Test func `a relative path is one from here`() throws {
        let target = try AttachTarget(parsing: "./x.sock", environment: [:])
        #expect(target.url == "ws+unix://\(FileManager.default.currentDirectoryPath)/./x.sock:/feed")
    }

    @Test func `what a client names cannot break a line of text`() {
        let closed = FeedEvent.ConnectionClosed(connection: "a", code: 1006, reason: "why", by: .network, lived: 1)
        let event = FeedEvent(time: FeedTime(milliseconds: 0), kind: .connectionClosed(closed))
        #expect(
            EventLine.text(of: FeedEntry(seq: 1, node: "n", event: event))
                == "1970-01-01T00:00:00.000Z connection.closed a 1006 by network why")
    }
}
