import Foundation
import NIOCore
import Neffos
import Testing

@testable import NeffosCommand

@Suite(.timeLimit(.minutes(1))) struct DialMailboxTests {
    @Test func `a message that came before is waited for once`() async {
        let mailbox = DialMailbox()
        mailbox.add(Message(namespace: "default", room: "lobby", event: "chat"))
        let wait = DialWait(namespace: "default", room: nil, event: "chat")
        #expect(await mailbox.wait(for: wait, within: .seconds(60)))
        mailbox.end()
        #expect(await !mailbox.wait(for: wait, within: .seconds(60)))
    }

    @Test func `another room or event is not it`() async {
        let mailbox = DialMailbox()
        mailbox.add(Message(namespace: "default", room: "hall", event: "chat"))
        mailbox.add(Message(namespace: "default", room: "lobby", event: "note"))
        #expect(await !mailbox.wait(for: DialWait(namespace: "default", room: "lobby", event: "chat"), within: .milliseconds(1)))
        #expect(await mailbox.wait(for: DialWait(namespace: "default", room: "hall", event: "chat"), within: .seconds(60)))
    }

    @Test func `one that comes later ends the wait`() async {
        let mailbox = DialMailbox()
        async let came = mailbox.wait(for: DialWait(namespace: "default", room: "", event: "chat"), within: .seconds(60))
        mailbox.add(Message(namespace: "default", event: "chat"))
        #expect(await came)
    }

    @Test func `a body is the text, or what a file holds`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try Data([0xFF, 0x00]).write(to: URL(fileURLWithPath: folder.file("bytes")))
        try Data("text".utf8).write(to: URL(fileURLWithPath: folder.file("text")))
        #expect(try DialBody.read("hi") == (ByteBuffer(string: "hi"), false))
        #expect(try DialBody.read("@@hi") == (ByteBuffer(string: "@hi"), false))
        #expect(try DialBody.read("@\(folder.file("bytes"))") == (ByteBuffer(bytes: [0xFF, 0x00]), true))
        #expect(try DialBody.read("@\(folder.file("text"))") == (ByteBuffer(string: "text"), false))
        let error = try #require(throws: ValueError.self) { try DialBody.read("@/nowhere/x") }
        #expect(error.description == "/nowhere/x: cannot read the body: No such file or directory; check the file, or write @@ for an @")
    }
}
