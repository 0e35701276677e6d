import NIOCore
import NeffosSession
import Synchronization

/// What can change while a server runs.
extension Server {
    /// What connections begin with.
    struct Current: Sendable {
        var limits: ServerConfiguration.Limits
        var endpoint: Endpoint
    }

    /// The limits of now.
    public var limits: ServerConfiguration.Limits { current.withLock { $0.limits } }

    var endpoint: Endpoint { current.withLock { $0.endpoint } }

    /// Takes other limits and origins, and other files of the certificate, without dropping anybody.
    ///
    /// Places, addresses and the rate of probes are judged by the new limits at once; that there are more connections than a new bound closes
    /// none. What a connection may send, hold, enter and wait for is what it began with: `messageBytes`, `outboxBytes`, rooms, namespaces and
    /// `ackWithin` are those of whoever comes from now on. So is the certificate. The rest of a configuration is for the next start.
    ///
    /// - Parameters:
    ///   - limits: clamped like those of ``configuration``.
    ///   - origins: like ``ServerConfiguration/origins``.
    ///   - tls: files in place of the ones of now; nil leaves them. Whether a server speaks TLS at all cannot change.
    /// - Throws: ``ConfigurationError`` for an origin that cannot be one; what is wrong with the files. Nothing has changed then.
    public func reconfigure(
        limits new: ServerConfiguration.Limits, origins: [String], tls: ServerConfiguration.TLSFiles? = nil
    ) async throws {
        try await edge.reconfigure(origins: origins, tls: tls)
        var new = new
        new.connections = Descriptors.clamp(connections: new.connections, logger: logger)
        current.withLock { current in
            guard current.limits != new else { return }
            current = Current(limits: new, endpoint: Endpoint(current.endpoint, limits: new))
        }
        // Before the lock: whoever is told of a connection's end under the registry's lock takes admission's.
        let present = registry.all.map(\.address)
        admission.withLock { $0.change(.init(new)) { present } }
    }

    /// Returns once every event loop of the server has taken a turn; never, where one hangs. At once where the server does not run.
    package func takesTurns() async {
        guard let loops = running.withLock({ $0?.loops }) else { return }
        for loop in loops { try? await loop.submit {}.get() }
    }
}

extension Admission.Limits {
    init(_ limits: ServerConfiguration.Limits) {
        self.init(
            connections: limits.connections, perAddress: limits.connectionsPerAddress, probesPerSecond: limits.admitPerSecond,
            probeHold: TimeAmount(limits.probeHold),
            placeHold: TimeAmount(limits.handshakeWithin > .zero ? limits.handshakeWithin : .seconds(10)))
    }
}
