import Foundation
import NeffosFeed

/// Three outages, as tapes. Made by the same generator each time, and kept as files, so that they can be played with `neffos replay`.
enum OutageTapes: String, CaseIterable {
    /// A server is killed and started again: 1000 clients, of whom 12 never return; three of them are refused.
    case restart
    /// A server behind a proxy is replaced. The proxy answers the probes with 502, which neffos.js takes for a server that is back.
    case proxy
    /// A load balancer cuts 800 clients at once, which all knock after the same interval.
    case herd

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Tapes")

    var file: URL { Self.folder.appending(path: rawValue + ".jsonl") }

    /// 2026-01-31 12:01:00 UTC.
    private static let noon = FeedTime(milliseconds: 1_769_860_860_000)

    func make() -> [UInt8] {
        switch self {
        case .restart: Self.makeRestart()
        case .proxy: Self.makeProxy()
        case .herd: Self.makeHerd()
        }
    }

    private static func clients(_ count: Int, _ name: (Int) -> String) -> [TapeMaker.Client] {
        (0..<count).map { .init(key: name($0), address: "10.0.\(4 + $0 / 200).\(1 + $0 % 200)", room: "desk-\($0 % 20)") }
    }

    private static func makeRestart() -> [UInt8] {
        var maker = TapeMaker(node: "web-1", start: noon, seed: 7)
        let clients = clients(1000) { $0 % 90 == 11 ? "kiosk-\($0 / 90 + 1)" : "till-\($0)" }
        let missing = clients.indices.filter { clients[$0].key.hasPrefix("kiosk") } + [500]
        let refused = Set(missing.prefix(3))
        maker.begin(clients)
        maker.samples(10, connections: 1000, rate: 810)
        // Killed: nothing tells of the end.
        maker.pass(9_900 + 4_200)
        maker.start()
        maker.samples(60, connections: 988, rate: 800)
        for (index, client) in clients.enumerated() {
            // An interval of 2 s, with jitter, from the drop on.
            let first = maker.number(below: 2_000)
            if refused.contains(index) {
                for knock in 0..<28 {
                    maker.probe(client, index, after: first + knock * 2_050)
                    maker.reject(
                        client, index, status: 401, reason: "token expired", tries: 3 + knock, after: first + knock * 2_050 + 4)
                }
            } else if !missing.contains(index) {
                let slow = index % 50 == 3 ? 3_500 : 0
                maker.probe(client, index, after: first + slow)
                maker.comeBack(
                    client, index, tries: first < 300 ? 2 : first < 1_700 ? 3 : 4, after: first + slow + 6 + maker.number(below: 400))
            }
        }
        return maker.lines()
    }

    private static func makeProxy() -> [UInt8] {
        var maker = TapeMaker(node: "web-2", start: noon, seed: 11)
        var clients = clients(300) { "user-\($0)" }
        for index in clients.indices { clients[index].agent = "Mozilla/5.0 (X11; Linux x86_64)" }
        maker.begin(clients)
        maker.samples(10, connections: 300, rate: 240)
        maker.pass(10_000)
        maker.drain()
        for index in clients.indices { maker.close(index, code: 1001, by: .server, after: 10 + index / 4) }
        maker.stop(after: 120)
        // Replaced within 20 s. Whoever knocked meanwhile was answered by the proxy with 502, dialled, got 502 again, and gave up.
        maker.pass(20_000)
        maker.start()
        maker.samples(90, connections: 26, rate: 20)
        // Those that knock every 30 s find the server itself.
        for (number, index) in clients.indices.filter({ $0 % 8 == 5 }).enumerated() {
            let knock = 10_000 + maker.number(below: 1_500)
            maker.probe(clients[index], index, after: knock)
            // For a while the proxy still answers upgrades with 502: these, too, give up.
            if number % 3 != 0 { maker.comeBack(clients[index], index, tries: 1, after: knock + 9) }
        }
        return maker.lines()
    }

    private static func makeHerd() -> [UInt8] {
        var maker = TapeMaker(node: "web-1", start: noon, seed: 13)
        let clients = clients(800) { "sensor-\($0)" }
        maker.begin(clients)
        maker.samples(10, connections: 800, rate: 1600)
        maker.pass(10_300)
        for index in clients.indices { maker.close(index, code: 1006, by: .network, after: index / 20) }
        maker.samples(5, connections: 0, rate: 0, lag: 240)
        // All of them after the same 2 s; those that the full backlog turned away, after 2 s more.
        for (index, client) in clients.enumerated() {
            let isLate = index % 10 >= 7
            let knock = (isLate ? 4_000 : 2_000) + index / 4 + maker.number(below: 40)
            maker.probe(client, index, after: knock)
            maker.comeBack(client, index, tries: isLate ? 2 : 1, after: knock + 10 + maker.number(below: 250))
        }
        maker.pass(5_000)
        maker.samples(20, connections: 800, rate: 1600)
        return maker.lines()
    }
}
