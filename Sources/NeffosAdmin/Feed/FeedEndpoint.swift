import Logging
import Neffos
import NeffosFeed
import NeffosObservatory
import NeffosWire

/// The neffos endpoint that consoles attach to: what is asked in the namespace `feed`, and what it is answered.
struct FeedEndpoint: Sendable {
    let hub: FeedHub
    let desk: OperatorDesk
    let server: Server
    let node: String
    let version: String
    let logger: Logger

    var handlers: EventHandlers {
        var handlers = EventHandlers()
        for ask in FeedAsk.allCases {
            handlers.on(ask.rawValue, in: FeedAsk.namespace) { console, message in
                try take(ask, message, from: console.connection)
                // The answer comes once there is one: a drill may take a minute, and the console has other things to ask meanwhile.
                return .none
            }
        }
        handlers.onAny(in: FeedAsk.namespace) { _, _ in
            throw NeffosError("there is no such ask; there is \(FeedAsk.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        handlers.on(.roomJoin, in: FeedAsk.namespace) { _, _ in throw NeffosError("the feed has no rooms") }
        handlers.on(.namespaceDisconnect, in: FeedAsk.namespace) { console, _ in ended(console.connection) }
        return handlers
    }

    /// The connection is gone, or has left the namespace.
    func ended(_ connection: Connection) {
        let untapped = hub.end(connection)
        guard !untapped.isEmpty else { return }
        Task { await desk.untap(untapped, by: Self.name(of: connection, user: nil, calling: "")) }
    }

    /// - Throws: `NeffosError` where it has too many asks open.
    private func take(_ ask: FeedAsk, _ message: Message, from connection: Connection) throws(NeffosError) {
        let session = hub.session(of: connection)
        guard session.beginAsk() else {
            throw NeffosError("more than \(ConsoleSession.mostAsks) asks at once; wait for the answers")
        }
        Task {
            do throws(NeffosError) {
                let answer = try await answer(ask, message, session)
                connection.answer(message, answer.body, isBinary: answer.isBinary)
                // Behind the answer, since both go the same way.
                if answer.goesLive { session.goLive() }
            } catch {
                connection.answer(message, failure: error.text)
            }
            session.endAsk()
        }
    }

    private struct Answer {
        var body: ByteBuffer
        var isBinary = false
        var goesLive = false
    }

    private func answer(_ ask: FeedAsk, _ message: Message, _ session: ConsoleSession) async throws(NeffosError) -> Answer {
        switch ask {
        case .about:
            _ = try StrictJSON.decode(FeedAsk.Nothing.self, from: message)
            return Answer(body: try StrictJSON.encode(about))
        case .snapshot:
            _ = try StrictJSON.decode(FeedAsk.Nothing.self, from: message)
            let model = try await hub.attach(session)
            let event = FeedEvent(time: .now(), kind: .snapshot(model.snapshot))
            var line: [UInt8] = []
            JSONLines.append(FeedEntry(seq: model.seq, node: node, event: event), to: &line)
            return Answer(body: ByteBuffer(bytes: line.dropLast()), goesLive: true)
        case .picture:
            let wanted = try StrictJSON.decode(FeedAsk.PictureAsk.self, from: message)
            guard wanted.version == Picture.version else {
                throw NeffosError("this server's picture has version \(Picture.version); ask for a snapshot")
            }
            return Answer(body: try StrictJSON.encode(try await offer(to: session)))
        case .part:
            let part = try session.part(try StrictJSON.decode(FeedAsk.PartAsk.self, from: message))
            return Answer(body: ByteBuffer(bytes: part), isBinary: true)
        case .live:
            try session.take(try StrictJSON.decode(FeedAsk.LiveAsk.self, from: message))
            return Answer(body: ByteBuffer(), goesLive: true)
        case .detail:
            let wanted = try StrictJSON.decode(FeedAsk.DetailAsk.self, from: message)
            return Answer(body: try StrictJSON.encode(await desk.control?.detail(of: wanted.connection)))
        case .figures:
            let wanted = try StrictJSON.decode(FeedAsk.FiguresAsk.self, from: message)
            return Answer(body: try StrictJSON.encode(await desk.control?.figures(of: wanted.connections) ?? []))
        case .tap:
            let wanted = try StrictJSON.decode(FeedAsk.TapAsk.self, from: message)
            return try await perform(
                OperatorCommand(.tap(wanted.on), targets: .connections([wanted.connection]), by: ""), session)
        case .command:
            return try await perform(try StrictJSON.decode(OperatorCommand.self, from: message), session)
        }
    }

    private var about: FeedAsk.About {
        FeedAsk.About(
            version: version, node: node, url: server.url, feed: JSONLines.version, picture: Picture.version, readOnly: desk.isReadOnly,
            time: FeedTime.now().milliseconds, run: hub.run, seq: hub.seq)
    }

    private func offer(to session: ConsoleSession) async throws(NeffosError) -> FeedAsk.PictureOffer {
        let model = try await hub.attach(session)
        let bytes: [UInt8]
        do { bytes = try Picture.encode(model) } catch {
            logger.error("the picture for a console cannot be written", metadata: ["error": "\(error)"])
            throw NeffosError("the picture cannot be written; ask for a snapshot")
        }
        let part = FeedAsk.PictureOffer.partBytes
        return FeedAsk.PictureOffer(
            picture: session.offer(bytes), seq: model.seq, bytes: bytes.count, parts: (bytes.count + part - 1) / part)
    }

    private func perform(_ command: OperatorCommand, _ session: ConsoleSession) async throws(NeffosError) -> Answer {
        var command = command
        // Who it is says the server; what it calls itself stands behind that.
        command.by = Self.name(of: session.connection, user: await session.connection.peerUser(), calling: command.by)
        let outcome = await desk.perform(command, of: session.id)
        if case .tap(true) = command.action, session.isEnded {
            // It went while we were at it, and nobody else would end its taps.
            await desk.untap(hub.removeTaps(hub.taps(of: session.id), of: session.id), by: command.by)
        }
        return Answer(body: try StrictJSON.encode(outcome))
    }

    /// `admin 10.0.0.1:4711`, or with the user of a Unix socket `admin uid 1000`, and what the client calls itself, cut.
    private static func name(of connection: Connection, user: UInt32?, calling given: String) -> String {
        name(remote: connection.remote, user: user, calling: given)
    }

    static func name(remote: String, user: UInt32?, calling given: String) -> String {
        let who = user.map { "uid \($0)" } ?? remote
        let own = String(String.UnicodeScalarView(given.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(64)))
        // Who has no better name calls itself by its number, which is known.
        return own.isEmpty || own == who ? "admin \(who)" : "admin \(who) (\(own))"
    }
}
