import Foundation
import TestSupport
import Testing

@testable import NeffosCommand

@Suite struct ServiceNoticesTests {
    private func notices(_ name: String, watchdog: String? = nil) -> ServiceNotices {
        var variables = ["NOTIFY_SOCKET": name]
        variables["WATCHDOG_USEC"] = watchdog
        return ServiceNotices(SystemdEnvironment(variables, process: getpid()))
    }

    @Test func `a life's notices come over a path and over an abstract name`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        for name in [folder.file("notify"), "@neffos-test-\(UUID().uuidString)"] {
            let listener = try NotifyListener(name)
            let notices = notices(name)
            notices.ready("listening on\nws://x")
            notices.reloading()
            notices.stopping("SIGTERM", patience: .seconds(5))
            let came = listener.notices()
            #expect(came.count == 3)
            #expect(came.first == "READY=1\nSTATUS=listening on ws://x\nMAINPID=\(getpid())")
            #expect(came.dropFirst().first?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
            #expect(came.last == "STOPPING=1\nSTATUS=stopping: SIGTERM\nEXTEND_TIMEOUT_USEC=15000000")
        }
    }

    @Test func `a notice that nobody takes, or whose name is too long, is no failure`() {
        #expect(!NotifySocket("/nowhere/notify").send("READY=1"))
        #expect(!NotifySocket("/" + String(repeating: "x", count: 200)).send("READY=1"))
        #expect(NotifySocket.address(of: "@" + String(repeating: "x", count: 107)) != nil)
        #expect(NotifySocket.address(of: "/" + String(repeating: "x", count: 107)) == nil)
    }

    @Test func `a sign of life is given only after a sign from the event loops`() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let listener = try NotifyListener(folder.file("notify"))
        let (questions, asked) = AsyncStream.makeStream(of: Void.self)
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        let task = notices(listener.name, watchdog: "2000").watch {
            asked.yield()
            for await _ in answers { return }
        }
        var iterator = questions.makeAsyncIterator()
        await iterator.next()
        #expect(listener.notices().isEmpty)
        answer.yield()
        // Asked again: so the sign was given between.
        await iterator.next()
        #expect(listener.notices() == ["WATCHDOG=1"])
        task?.cancel()
        answer.finish()
        await task?.value
        #expect(notices(listener.name).watch {} == nil)
    }
}
