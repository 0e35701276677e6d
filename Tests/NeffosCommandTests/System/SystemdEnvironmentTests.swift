import Testing

@testable import NeffosCommand

@Suite struct SystemdEnvironmentTests {
    private func parse(_ variables: [String: String]) -> SystemdEnvironment { SystemdEnvironment(variables, process: 42) }

    @Test func `without a service manager there is nothing`() throws {
        let none = parse(["PATH": "/bin"])
        #expect(none.notify == nil && none.watchdogInterval == nil && none.sockets.isEmpty)
        #expect(try none.listener() == nil)
    }

    @Test(arguments: [("/run/notify", true), ("@abstract", true), ("", false), ("@", false), ("/", false), ("vsock:2:1", false)])
    func `notices go to a path or an abstract name`(name: String, isTaken: Bool) {
        #expect(parse(["NOTIFY_SOCKET": name]).notify == (isTaken ? name : nil))
    }

    @Test func `a sign of life is given twice as often as it is waited for, if it is us who is waited for`() {
        #expect(parse(["WATCHDOG_USEC": "30000000"]).watchdogInterval == .seconds(15))
        #expect(parse(["WATCHDOG_USEC": "3000001", "WATCHDOG_PID": "42"]).watchdogInterval == .microseconds(1_500_000))
        #expect(parse(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "41"]).watchdogInterval == nil)
        #expect(parse(["WATCHDOG_USEC": "0"]).watchdogInterval == nil)
        #expect(parse(["WATCHDOG_USEC": "soon"]).watchdogInterval == nil)
    }

    @Test func `sockets are from descriptor 3 on, with their names`() throws {
        let one = parse(["LISTEN_PID": "42", "LISTEN_FDS": "1"])
        #expect(one.sockets == [.init(descriptor: 3, name: "unknown")])
        #expect(try one.listener()?.descriptor == 3)
        let two = parse(["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "web:"])
        #expect(two.sockets == [.init(descriptor: 3, name: "web"), .init(descriptor: 4, name: "")])
        #expect(throws: CommandFailure.self) { try two.listener() }
    }

    @Test(arguments: [
        ["LISTEN_FDS": "1"], ["LISTEN_PID": "41", "LISTEN_FDS": "1"], ["LISTEN_PID": "42", "LISTEN_FDS": "0"],
        ["LISTEN_PID": "42", "LISTEN_FDS": "-1"], ["LISTEN_PID": "42", "LISTEN_FDS": "99999"], ["LISTEN_PID": "x", "LISTEN_FDS": "1"],
    ])
    func `sockets that are for another process, or none, are left alone`(variables: [String: String]) {
        #expect(parse(variables).sockets.isEmpty)
    }
}
