import Neffos

/// Who the clients of a load are and where they go.
struct FleetPlan: Sendable {
    var url: String
    var count: Int
    var namespace: String
    /// Rooms that the clients are spread over; 0: none.
    var rooms = 0
    var parallel: Int
    /// The time that the opening is spread over.
    var ramp: Duration
    /// What a dial, the ack, a namespace or a room may take.
    var timeout: Duration
    /// Addresses to dial from, in turn; none: as the system chooses.
    var sources: [String]
    /// `{n}` in a value is the client's number, 1 first.
    var headers: [HeaderText]
    var trusted: [String]
    var reconnect = Reconnection.never

    func room(of number: Int) -> String { rooms > 0 ? "room\(number % rooms)" : "" }

    /// What a client's name is in a report.
    func name(of number: Int) -> String {
        let named = headers.first { $0.value.contains("{n}") }
        return named.map { $0.value.replacing("{n}", with: "\(number + 1)") } ?? "\(number + 1)"
    }

    func configuration(of number: Int) -> ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.reconnect = reconnect
        configuration.headers = headers.map { ($0.name, $0.value.replacing("{n}", with: "\(number + 1)")) }
        configuration.tls.trustedCertificates = trusted
        configuration.localAddress = sources.isEmpty ? nil : sources[number % sources.count]
        configuration.dialWithin = timeout
        configuration.probeWithin = timeout
        configuration.ackWithin = timeout
        configuration.answerWithin = timeout
        configuration.restoreWithin = timeout
        configuration.userAgent = "neffos-load/\(CommandVersion.text)"
        // The server's pings are answered; a lost connection is told by TCP. So many timers would cost more than they tell.
        configuration.heartbeat.every = .zero
        return configuration
    }
}
