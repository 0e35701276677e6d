import Neffos
import Testing

@testable import NeffosCommand

@Suite struct ReachAdviceTests {
    @Test(arguments: ["ws://h:1/echo", "WS://h:1/echo"])
    func `a port that says nothing, or no HTTP, may speak TLS`(url: String) {
        for problem in ["the probe was not answered", "the connection was lost before the answer", "the answer is no HTTP"] {
            let advice = ReachAdvice.text("the server cannot be reached: \(problem)", url: url)
            #expect(advice == "if the port speaks TLS, write wss:// in place of ws://; else check the address, and that the server runs")
        }
        #expect(ReachAdvice.text("Connection refused", url: url) == "check the address, and that the server runs")
    }

    @Test(arguments: ["wss://h:1/echo", "ws+unix:///x.sock:/feed"])
    func `TLS is not hinted at where it is spoken, or never is`(url: String) {
        #expect(ReachAdvice.text("the connection was lost before the answer", url: url, usual: "look") == "look")
    }

    @Test func `a server that is there and says no is not to be looked for`() {
        func advice(_ error: ClientError) -> String { ReachAdvice.text(for: error, url: "ws://h/", usual: "look") }
        #expect(advice(.refused("closed for today")) == "check what the server asks of its clients")
        #expect(advice(.upgradeRefused(status: 401, body: "")).contains("--header"))
        #expect(advice(.upgradeRefused(status: 403, body: "")).contains("--origin"))
        #expect(advice(.upgradeRefused(status: 404, body: "")) == "check the path")
        #expect(advice(.upgradeRefused(status: 503, body: "")).contains("try again later"))
        #expect(advice(.upgradeRefused(status: 200, body: "")) == "look")
        #expect(advice(.unreachable("Connection refused")) == "look")
    }

    @Test func `what is wrong with a certificate has its own remedy`() {
        func advice(_ problem: String) -> String {
            ReachAdvice.text("the server cannot be reached: TLS: \(problem)", url: "wss://h/", trust: "--ca")
        }
        #expect(advice("the server's certificate is of no issuer that is trusted here").hasSuffix("with --ca FILE"))
        #expect(advice("the server's certificate expired at 2021-06-30 12:00 UTC").hasPrefix("renew it on the server"))
        #expect(advice("the server's certificate is not valid before 2119-03-01 09:30 UTC").hasPrefix("check this machine's clock"))
        #expect(advice("the server's certificate is not for the name h").hasPrefix("write a name"))
        #expect(advice("wrong version number") == "the port does not seem to speak TLS: write ws:// in place of wss://")
        #expect(advice("handshake failure") == "check that the port speaks TLS; ws:// does without")
    }
}
