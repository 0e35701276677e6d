import NIOCore
import Testing

@testable import NeffosCommand

@Suite struct LoadFiguresTests {
    @Test func `a body has its number in front and its size`() {
        let body = NumberedBody.make(42, size: 64)
        #expect(body.readableBytes == 64)
        #expect(NumberedBody.number(of: body) == 42)
        #expect(String(buffer: NumberedBody.make(7, size: 16)) == "1000000000000007")
    }

    @Test(arguments: ["", "short", "x000000000000001", "0000000000000001"])
    func `a body that was not made here has no number`(text: String) {
        #expect(NumberedBody.number(of: ByteBuffer(string: text)) == nil)
    }

    @Test func `latencies are told to three digits`() {
        var latencies = Latencies()
        for microseconds in 1...1000 { latencies.record(nanoseconds: UInt64(microseconds) * 1000) }
        var more = Latencies()
        more.record(nanoseconds: 5_000_000_000)
        latencies.add(more)
        #expect(latencies.count == 1001)
        #expect(abs(latencies.microseconds(at: 50) - 501) <= 1)
        #expect(abs(latencies.microseconds(at: 90) - 900) <= 2)
        #expect(abs(latencies.microseconds(at: 100) - 5_000_000) < 5000)
        #expect(Latencies().summary == LatencySummary())
    }

    @Test func `a latency beyond an hour counts as one`() {
        var latencies = Latencies()
        latencies.record(nanoseconds: .max)
        #expect(latencies.count == 1)
        #expect(latencies.microseconds(at: 50) > 3_590_000_000)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567"), (-12_345, "-12 345")])
    func `counts are in groups of three`(value: Int, text: String) { #expect(LoadText.count(value) == text) }

    @Test(arguments: [
        (0.4, "0.4 µs"), (84.0, "84 µs"), (1250.0, "1.25 ms"), (212_400.0, "212 ms"), (3_200_000.0, "3.2 s"),
    ])
    func `durations have the unit that fits`(value: Double, text: String) { #expect(LoadText.microseconds(value) == text) }

    @Test(arguments: [(1.005, 3, "1.005"), (2.0, 3, "2"), (0.05, 2, "0.05"), (12_345.6, 1, "12 345.6"), (-0.001, 2, "0"), (.nan, 2, "0")])
    func `decimals end without zeros`(value: Double, places: Int, text: String) { #expect(LoadText.decimal(value, places) == text) }

    @Test func `what a process has used is read from what Linux writes`() throws {
        let stat = "4242 (a (strange) name) S 1 4242 4242 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 100 1000 200"
        let status = "Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nThreads:\t4\n"
        let usage = try #require(ProcessUsage(stat: stat, status: status, ticksPerSecond: 100))
        #expect(usage.cpu == 3)
        #expect(usage.memory == 1 << 20)
        #expect(usage.maximumMemory == 2 << 20)
        #expect(ProcessUsage(stat: "nonsense", status: "", ticksPerSecond: 100) == nil)
    }

    @Test func `clients that use all of their threads are the limit`() {
        let idle = LoadCost(cpu: 1, seconds: 10, threads: 2, lag: 100)
        #expect(idle.percent == 10)
        #expect(!idle.isLimit)
        #expect(!idle.isLate)
        let busy = LoadCost(cpu: 18, seconds: 10, threads: 2, lag: 100)
        #expect(busy.isLimit)
        #expect(busy.text.hasPrefix("the load generator used 180 % CPU of 2 threads"))
        let late = LoadCost(cpu: 1, seconds: 10, threads: 1, lag: 20_000)
        #expect(late.isLate)
        #expect(!late.isLimit)
        let full = LoadCost(cpu: 1, seconds: 10, threads: 2, lag: 100, idle: 3)
        #expect(full.isLimit)
        #expect(full.text.contains("this machine's processors were full"))
        #expect(!LoadCost(cpu: 1, seconds: 10, threads: 2, lag: 100, idle: 40).isLimit)
    }

    @Test func `a time too short to measure anything says nothing of who was the limit`() {
        let cost = LoadCost(cpu: 0.001, seconds: 0.000_1, threads: 2, lag: 0, idle: 0)
        #expect(cost.percent == 0)
        #expect(!cost.isLimit)
        #expect(!cost.isLate)
        #expect(cost.text == "it was too short to tell what the load generator used")
    }

    @Test func `what a machine has left is read from what Linux writes`() throws {
        let before = try #require(MachineUsage(stat: "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3 4 5\n"))
        let after = try #require(MachineUsage(stat: "cpu  180 0 110 708 102 0 0 0 90 0\n"))
        #expect(after.idlePercent(since: before) == 10)
        #expect(before.idlePercent(since: before) == nil)
        #expect(MachineUsage(stat: "intr 1 2 3") == nil)
    }

    @Test func `a bar fits its line and is full at the end`() {
        let half = ProgressBar.line("opening", done: 0.5, detail: "1 of 2", columns: 80, ascii: false)
        #expect(half == "opening  [" + String(repeating: "█", count: 12) + String(repeating: " ", count: 12) + "]  1 of 2")
        let full = ProgressBar.line("opening", done: 7, detail: "", columns: 80, ascii: true)
        #expect(full.contains("[" + String(repeating: "#", count: 24) + "]"))
        #expect(ProgressBar.line("waiting", done: nil, detail: "still", columns: 80, ascii: true) == "waiting  still")
        #expect(ProgressBar.line("opening", done: 0.5, detail: "a long word", columns: 30, ascii: true).count <= 29)
    }
}
