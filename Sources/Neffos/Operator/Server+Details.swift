import NIOCore
public import NeffosFeed

/// What is asked for one connection at a time.
extension Server {
    /// What is shown of a request: the rest is somebody else's idea of a joke.
    private static let mostHeaders = 100
    private static let mostHeaderBytes = 2048
    private static let mostDetailBytes = 32 * 1024

    /// The request that a connection began with, secrets masked, and its figures; nil where it is gone.
    public func detail(of connection: String) async -> ConnectionDetails? {
        guard let found = self.connection(connection) else { return nil }
        let read = await visit([found], atOnce: 1) { connection -> (ConnectionFigures, Bool)? in
            connection.phase == .closed ? nil : (connection.figures(at: .now()), connection.isTapped)
        }
        guard let (figures, isTapped) = read.first else { return nil }
        var headers: [ConnectionDetails.Header] = []
        var bytes = 0
        for (name, value) in found.request.headers.prefix(Self.mostHeaders) {
            let header = ConnectionDetails.Header(
                name: OperatorText.cut(name, to: 256), value: OperatorText.cut(Secrets.header(name, value), to: Self.mostHeaderBytes))
            bytes += header.name.utf8.count + header.value.utf8.count
            if bytes > Self.mostDetailBytes { break }
            headers.append(header)
        }
        return ConnectionDetails(
            connection: found.id, target: OperatorText.cut(Secrets.target(found.request.target), to: Self.mostHeaderBytes),
            headers: headers,
            figures: figures, isTapped: isTapped)
    }

    /// The figures of connections as they are now, in no order.
    ///
    /// - Parameter connections: their ids; nil for all. Those that are gone are left out.
    public func figures(of connections: [String]?) async -> [ConnectionFigures] {
        let wanted = connections.map { $0.compactMap { registry.connection($0) } } ?? registry.all
        return await visit(wanted, atOnce: Self.readAtOnce) { connection in
            connection.phase == .closed ? nil : connection.figures(at: .now())
        }
    }
}

extension Connection {
    func figures(at now: NIODeadline) -> ConnectionFigures {
        let waiting = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return ConnectionFigures(
            connection: id, messagesIn: traffic.messagesIn, messagesOut: traffic.messagesOut, bytesIn: traffic.bytesIn,
            bytesOut: traffic.bytesOut, queuedBytes: waiting + out.readableBytes,
            idle: Int(max(0, (now - lastReceived).nanoseconds / 1_000_000)), roundTrip: roundTrip < 0 ? nil : Int(roundTrip))
    }
}
