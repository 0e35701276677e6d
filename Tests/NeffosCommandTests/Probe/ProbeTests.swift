import Foundation
import Logging
import NIOCore
import NIOPosix
import Neffos
import TestSupport
import Testing

@testable import NeffosCommand

@Suite(.fewAtOnce) struct ProbeTests {
    private func withServer(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, handlers: EventHandlers? = nil, _ body: (String) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        change(&configuration)
        var usual = EventHandlers()
        usual.declare("default")
        let server = Server(
            configuration: configuration, handlers: handlers ?? usual,
            logger: Logger(label: "probe-tests") { _ in SwiftLogNoOpLogHandler() })
        try await server.start()
        do { try await body(server.url) } catch {
            await server.shutdown(grace: .zero)
            throw error
        }
        await server.shutdown(grace: .zero)
    }

    @Test func `each step of a good server has its time`() async throws {
        try await withServer { url in
            let probe = try CommandProcess(["probe", url, "--namespace", "default", "--format", "json"])
            #expect(try await probe.exit() == 0)
            let object = try JSONSerialization.jsonObject(with: Data(probe.standardOutput.utf8))
            let result = try #require(object as? [String: Any])
            #expect(result["ok"] as? Bool == true)
            let steps = try #require(result["steps"] as? [[String: Any]])
            #expect(steps.map { $0["step"] as? String } == ["resolve", "connect", "head", "upgrade", "ack", "namespace"])
            #expect(steps.map { $0["detail"] as? String }[2...3] == ["302", "101"])
            #expect(steps.allSatisfy { ($0["ms"] as? NSNumber)?.doubleValue ?? -1 >= 0 })
            #expect(probe.standardError.isEmpty)
        }
    }

    @Test func `the text says what was done, and the failing step why`() async throws {
        try await withServer { url in
            let probe = try CommandProcess(["probe", url, "--namespace", "nowhere"])
            #expect(try await probe.exit() == 69)
            #expect(probe.standardOutput.hasPrefix("\(url) does not take clients\n"))
            #expect(probe.standardOutput.contains("failed: nowhere: the server has no such namespace"))
            #expect(probe.errorLines == ["neffos: \(url): namespace: nowhere: the server has no such namespace; check the name"])
        }
    }

    @Test func `a refusal is told with its text`() async throws {
        try await withServer({ $0.onConnect.refuse = "closed for today" }) { url in
            let probe = try CommandProcess(["probe", url])
            #expect(try await probe.exit() == 69)
            #expect(probe.errorLines.count == 1)
            #expect(probe.standardError.contains(": ack: the server refused: closed for today; "))
        }
    }

    @Test func `an origin that is not allowed is told by its status`() async throws {
        try await withServer { url in
            let probe = try CommandProcess(["probe", url, "--origin", "https://evil.example"])
            #expect(try await probe.exit() == 69)
            #expect(probe.standardError.contains(": upgrade: the server answered 403"))
            #expect(probe.standardError.contains("--origin"))
        }
    }

    @Test(arguments: [
        (["ws://127.0.0.1:1/"], 69, ": connect: the server cannot be reached: Connection refused; "),
        (["ws://nobody.invalid/"], 69, ": resolve: nobody.invalid: "), (["ws:/127.0.0.1"], 64, "is no ws:// or wss:// URL"),
        (["ws://127.0.0.1:1/", "--timeout", "0s"], 64, "--timeout: \"0s\" is too short"),
        (["ws://127.0.0.1:1/", "--no-head"], 69, ": connect: the server cannot be reached: Connection refused; "),
    ])
    func `what stands in the way is one line with its exit code`(arguments: [String], code: Int32, text: String) async throws {
        let probe = try CommandProcess(["probe"] + arguments)
        #expect(try await probe.exit() == code)
        #expect(probe.errorLines.count == 1)
        #expect(probe.standardError.contains(text), "\(probe.standardError)")
    }

    @Test func `who refuses a namespace is not told to check its name`() async throws {
        var handlers = EventHandlers()
        handlers.on(.namespaceConnect, in: "default") { _, _ in throw NeffosError("members only") }
        try await withServer(handlers: handlers) { url in
            let probe = try CommandProcess(["probe", url, "--namespace", "default"])
            #expect(try await probe.exit() == 69)
            #expect(
                probe.errorLines == [
                    "neffos: \(url): namespace: default: members only; check what the server asks of its clients"
                ])
        }
    }

    /// What a port that takes connections and says nothing makes of a probe.
    @Test(arguments: [
        ("ws", [], "head: it was not answered in time; check the server, or use --no-head"),
        ("ws", ["--no-head"], "upgrade: the server did not answer the upgrade in time; check that a neffos server is there"),
        ("wss", [], "tls: TLS: the server did not answer in time; check that the port speaks TLS; ws:// does without"),
    ])
    func `a port that says nothing is told by the step that waited for it`(scheme: String, options: [String], text: String) async throws {
        let silent = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0).get()
        let url = "\(scheme)://127.0.0.1:\(try #require(silent.localAddress?.port))/"
        let probe = try CommandProcess(["probe", url, "--timeout", "2s"] + options)
        #expect(try await probe.exit() == 69)
        #expect(probe.errorLines == ["neffos: \(url): \(text)"])
        try await silent.close()
    }

    @Test func `TLS that is none is told as that`() async throws {
        try await withServer { url in
            let probe = try CommandProcess(["probe", "wss" + url.dropFirst(2)])
            #expect(try await probe.exit() == 69)
            #expect(probe.standardError.contains(": tls: the server cannot be reached: TLS: wrong version number; "))
            #expect(probe.standardError.hasSuffix("; the port does not seem to speak TLS: write ws:// in place of wss://\n"))
        }
    }

    @Test func `a port that speaks TLS is hinted at`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try await withServer({ $0.tls = .init(certificate: files.certificate, key: files.key) }) { url in
            let plain = "ws" + url.dropFirst(3)
            for arguments in [["probe", plain], ["probe", plain, "--no-head"], ["dial", plain, "--once", "quit"]] {
                let process = try CommandProcess(arguments)
                #expect(try await process.exit() == 69)
                #expect(process.errorLines.count == 1)
                #expect(process.standardError.contains("; if the port speaks TLS, write wss:// in place of ws://; else "))
            }
        }
    }

    @Test func `what is wrong with a certificate is one sentence, with what to do`() async throws {
        let files = try TLSFixture()
        defer { files.remove() }
        try files.write(TLSFixture.expired)
        try await withServer({ $0.tls = .init(certificate: files.certificate, key: files.key) }) { url in
            let problem = "the server's certificate expired at 2021-06-30 12:00 UTC; renew it on the server"
            for command in [["probe", url], ["probe", url, "--no-head"], ["dial", url, "--once", "quit"]] {
                let process = try CommandProcess(command + ["--trust", files.certificate])
                #expect(try await process.exit() == 69)
                #expect(process.errorLines.count == 1)
                #expect(process.standardError.contains(": the server cannot be reached: TLS: \(problem)"), "\(process.standardError)")
            }
            let junk = try CommandProcess(["probe", url, "--trust", files.key])
            #expect(try await junk.exit() == 78)
            #expect(
                junk.errorLines == [
                    "neffos: --trust: the file \(files.key) has no certificate in PEM; give it a PEM file of certificates"
                ])
        }
    }
}
