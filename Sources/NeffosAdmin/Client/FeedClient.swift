import Foundation
import Logging
package import Neffos
package import NeffosFeed
package import NeffosObservatory
import NeffosWire
import Synchronization

/// The other end of an admin address: takes a picture of the server and then its events, comes back by itself when they end, and sends commands.
///
/// What it tells comes in order, one call at a time: a picture first, then the entries behind it, without a hole.
package final class FeedClient: Sendable {
    package enum News: Sendable {
        /// The picture as it is now, and whose it is. `isSameRun`: of the same run of the same server as the picture before.
        case picture(Observatory, FeedAsk.About, isSameRun: Bool)
        case entry(FeedEntry)
        /// The server does not answer; the next attempt is the one with this number.
        case away(tries: Int)
        /// What is wrong meanwhile, in a sentence.
        case problem(String)
        /// It does not come back.
        case ended(ClientState.Reason)
    }

    private struct State {
        var about: FeedAsk.About?
        /// Up to where the reader has everything; nil while there is no picture.
        var seq: Int?
        /// What came before the picture was handed on.
        var early: [FeedEntry] = []
        var lastProblem = ""
    }

    /// Entries that may come before a plain snapshot was handed on.
    private static let mostEarly = 65_536
    /// A picture of very many connections takes a while to be written and read.
    private static let pictureWithin = Duration.seconds(60)
    /// A snapshot of a hundred thousand connections with long names is one message.
    private static let messageBytes = 256 << 20

    private let client: Client
    private let state = Mutex(State())
    /// Held while news is told, so that it is told in order.
    private let telling = Mutex(())
    private let tell: @Sendable (News) -> Void

    /// - Parameters:
    ///   - url: of the endpoint.
    ///   - token: what the server wants to be shown.
    ///   - change: changes how it connects.
    ///   - tell: called with what there is to know; it should be short.
    /// - Throws: `ClientError` where the URL or a certificate is at fault.
    package init(
        _ url: String, token: String?, userAgent: String, trusting certificates: [String] = [],
        _ change: (inout ClientConfiguration) -> Void = { _ in }, tell: @escaping @Sendable (News) -> Void
    ) throws(ClientError) {
        self.tell = tell
        var configuration = ClientConfiguration()
        configuration.userAgent = userAgent
        configuration.messageBytes = Self.messageBytes
        configuration.reconnect = Reconnection(interval: .milliseconds(500), jitter: 0.2, multiplier: 1.5, maximum: .seconds(5))
        configuration.tls.trustedCertificates = certificates
        if let token { configuration.headers = [("Authorization", "Bearer \(token)")] }
        change(&configuration)
        let box = WeakBox<FeedClient>()
        configuration.onProblem = { problem in box.value?.hear(Self.sentence(problem)) }
        var handlers = EventHandlers()
        handlers.on(FeedAsk.event, in: FeedAsk.namespace) { _, message in
            box.value?.take(message)
            return .none
        }
        let logger = Logger(label: "neffos.attach") { _ in SwiftLogNoOpLogHandler() }
        client = try Client(url, configuration: configuration, handlers: handlers, logger: logger)
        box.value = self
    }

    /// Connects and takes the first picture. From when that is told, it comes back by itself.
    ///
    /// - Throws: `ClientError`, `NeffosError`: why it cannot be reached, or says no; nothing was told then.
    package func start() async throws {
        let states = client.states
        try await client.connect()
        let first = client.id
        var hasAll = false
        do {
            try await client.connect(to: FeedAsk.namespace)
            try await takePicture()
            hasAll = true
        } catch {
            // Lost behind the picture it is away, like at any other time.
            guard about != nil, !(error is CancellationError) else { throw Self.reason(error) }
        }
        Task { [weak self, hasAll] in await Self.follow(states, done: hasAll ? first : nil) { [weak self] in self } }
    }

    /// Why there is no picture, where the reason is the way to the server and nothing that it says.
    private static func reason(_ error: any Error) -> any Error {
        switch (error as? NeffosError)?.code {
        case .writeClosed: ClientError.unreachable("the connection was lost before all was told")
        case .timeout: ClientError.unreachable("it did not answer in time")
        default: error
        }
    }

    /// What is in the way of somebody who waits for the server.
    package static func sentence(_ error: any Error) -> String {
        if (error as? NeffosError)?.code == .badNamespace {
            return "it is a neffos server, but no admin address; give the server's --admin"
        }
        return "\(reason(error))"
    }

    private static func sentence(_ problem: ClientProblem) -> String {
        guard case .namespaceLost(_, let error as NeffosError) = problem, error.code != .other else { return "\(problem)" }
        return sentence(error)
    }

    /// Closes the connection for good.
    package func close() async {
        await client.close()
    }

    /// Cuts the connection, as a lost network would.
    package func drop() { client.connection?.drop() }

    /// Whether there is a connection right now.
    package var isThere: Bool { client.connection != nil }

    /// What the server last said of itself.
    package var about: FeedAsk.About? { state.withLock { $0.about } }

    // MARK: Asking

    /// - Throws: `NeffosError` with the server's sentence, `write closed` or `timeout`; `CancellationError`.
    package func ask<Answer: Decodable>(
        _ ask: FeedAsk, _ body: some Encodable, as type: Answer.Type, within deadline: Duration? = nil
    ) async throws -> Answer {
        let reply = try await self.ask(ask, body, within: deadline)
        do { return try JSONDecoder().decode(type, from: Data(reply.body.readableBytesView)) } catch {
            throw NeffosError("the server's answer to \"\(ask.rawValue)\" cannot be read; is it of another version?")
        }
    }

    private func ask(_ ask: FeedAsk, _ body: some Encodable, within deadline: Duration? = nil) async throws -> Message {
        let message = Message(namespace: FeedAsk.namespace, event: ask.rawValue, body: try StrictJSON.encode(body))
        return try await client.ask(message, within: deadline)
    }

    // MARK: The picture

    private func takePicture() async throws {
        state.withLock { state in
            state.seq = nil
            state.early = []
        }
        let about = try await ask(.about, FeedAsk.Nothing(), as: FeedAsk.About.self)
        let before = state.withLock { $0.about }
        let isSameRun = before?.run == about.run
        if about.picture == Picture.version {
            let offer = try await ask(
                .picture, FeedAsk.PictureAsk(version: Picture.version), as: FeedAsk.PictureOffer.self, within: Self.pictureWithin)
            if let model = try? Picture.decode(try await fetch(offer)) {
                hand(on: model, at: offer.seq, about, isSameRun: isSameRun)
                _ = try await ask(.live, FeedAsk.LiveAsk(picture: offer.picture))
                return
            }
        }
        // Of another version: who is here, at least.
        let reply = try await ask(.snapshot, FeedAsk.Nothing(), within: Self.pictureWithin)
        let entry = try JSONLines.decode(reply.body.readableBytesView)
        var model = Observatory()
        _ = model.apply(entry)
        hand(on: model, at: entry.seq, about, isSameRun: isSameRun)
    }

    private func fetch(_ offer: FeedAsk.PictureOffer) async throws -> [UInt8] {
        guard (0...Self.messageBytes).contains(offer.bytes), offer.parts <= offer.bytes else {
            throw NeffosError("the server's picture has \(offer.bytes) bytes, which is too many")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(offer.bytes)
        for part in 0..<max(0, offer.parts) {
            bytes += try await ask(.part, FeedAsk.PartAsk(picture: offer.picture, part: part)).body.readableBytesView
        }
        return bytes
    }

    private func hand(on model: Observatory, at seq: Int, _ about: FeedAsk.About, isSameRun: Bool) {
        telling.withLock { _ in
            let early = state.withLock { state in
                state.about = about
                state.seq = seq
                state.lastProblem = ""
                defer { state.early = [] }
                return state.early
            }
            tell(.picture(model, about, isSameRun: isSameRun))
            for entry in early where entry.seq > seq { tell(.entry(entry)) }
        }
    }

    /// Called on the client's loop: while it works the server's next lines wait in the network.
    private func take(_ message: Message) {
        // A line of a newer version may be passed over: what it tells is told in no older way.
        guard let entry = try? JSONLines.decode(message.body.readableBytesView) else { return }
        telling.withLock { _ in
            let isWanted = state.withLock { state in
                guard let seq = state.seq else {
                    if state.early.count < Self.mostEarly { state.early.append(entry) }
                    return false
                }
                return entry.seq > seq
            }
            if isWanted { tell(.entry(entry)) }
        }
    }

    // MARK: Coming back

    /// Holds the client only while it does something with it.
    /// - Parameter done: the connection over which all has been told already.
    private static func follow(_ states: AsyncStream<ClientState>, done: String?, _ client: @escaping @Sendable () -> FeedClient?) async {
        for await state in states {
            guard let client = client(), !Task.isCancelled else { return }
            switch state {
            case .connected(let id) where id != done: await client.takePictureAgain(under: id)
            case .waiting(let tries): client.say(.away(tries: tries))
            case .closed(let reason): client.say(.ended(reason))
            default: break
            }
        }
    }

    private func takePictureAgain(under id: String) async {
        while case .connected(id) = client.state, !Task.isCancelled {
            do { return try await takePicture() } catch {
                // That it was lost again is told as such.
                if (error as? NeffosError)?.code != .writeClosed { hear(Self.sentence(error)) }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func hear(_ problem: String) {
        let isNew = state.withLock { state in
            defer { state.lastProblem = problem }
            return state.lastProblem != problem
        }
        if isNew { say(.problem(problem)) }
    }

    private func say(_ news: News) { telling.withLock { _ in tell(news) } }
}

/// What a closure refers to that is made before it.
private final class WeakBox<Value: AnyObject & Sendable>: Sendable {
    private let content = Mutex<Content>(Content())
    private struct Content: Sendable { weak var value: Value? }
    var value: Value? {
        get { content.withLock { $0.value } }
        set { content.withLock { $0.value = newValue } }
    }
}
