import Foundation

extension JSONLines {
    /// Reads one line, with or without its newline. Fields that it does not know are passed over.
    public static func decode(_ line: some Collection<UInt8>) throws(TapeError) -> FeedEntry {
        do {
            return try JSONDecoder().decode(TapeLine.self, from: Data(line)).entry
        } catch let error as TapeError {
            throw error
        } catch DecodingError.keyNotFound(let key, _) {
            throw .badField(key.stringValue, type: nil)
        } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
            throw .badField(TapeLine.path(context), type: nil)
        } catch DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty {
            throw .badField(TapeLine.path(context), type: nil)
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw .badField(TapeLine.path(context), type: nil)
        } catch {
            throw .notJSON("it is no JSON object")
        }
    }

    /// Reads one line, with or without its newline. Fields that it does not know are passed over.
    public static func decode(_ line: String) throws(TapeError) -> FeedEntry {
        try decode(Array(line.utf8))
    }
}

/// One line as it is read.
private struct TapeLine: Decodable {
    let entry: FeedEntry

    static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder)
        let version = try fields.int("v")
        guard version <= JSONLines.version else { throw TapeError.newerVersion(version) }
        guard version >= 1 else { throw TapeError.badField("v", type: nil) }
        let name = try fields.string("type")
        guard let type = FeedEventType(rawValue: name) else { throw TapeError.unknownType(name) }
        guard let time = FeedTime(iso8601: try fields.string("time")) else { throw TapeError.badField("time", type: name) }
        let kind: FeedEvent.Kind
        do {
            kind = try Self.kind(type, fields)
        } catch DecodingError.keyNotFound(let key, _) {
            throw TapeError.badField(key.stringValue, type: name)
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(
            let context)
        {
            throw TapeError.badField(Self.path(context), type: name)
        }
        entry = FeedEntry(seq: try fields.int("seq"), node: try fields.string("node"), event: FeedEvent(time: time, kind: kind))
    }

    private static func kind(_ type: FeedEventType, _ fields: Fields) throws -> FeedEvent.Kind {
        switch type {
        case .serverStarted: .serverStarted(try serverState(fields))
        case .serverDraining: .serverDraining(try serverState(fields))
        case .serverStopped: .serverStopped(try serverState(fields))
        case .probe: .probe(try probe(fields))
        case .connectionOpened: .connectionOpened(try opened(fields))
        case .connectionRejected: .connectionRejected(try rejected(fields))
        case .connectionAcknowledged:
            .connectionAcknowledged(connection: try fields.string("connection"), after: try fields.int("after"))
        case .connectionClosed: .connectionClosed(try closed(fields))
        case .namespaceConnected: .namespaceConnected(try namespaceChange(fields))
        case .namespaceDenied: .namespaceDenied(try namespaceChange(fields))
        case .namespaceDisconnected: .namespaceDisconnected(try namespaceChange(fields))
        case .roomJoined: .roomJoined(try roomChange(fields))
        case .roomDenied: .roomDenied(try roomChange(fields))
        case .roomLeft: .roomLeft(try roomChange(fields))
        case .message: .message(try message(fields))
        case .protocolViolation: .protocolViolation(try violation(fields))
        case .incidentOpened: .incidentOpened(try incident(fields))
        case .incidentUpdated: .incidentUpdated(try incident(fields))
        case .incidentClosed: .incidentClosed(try incident(fields))
        case .lintRaised: .lintRaised(try lint(fields))
        case .lintCleared: .lintCleared(try lint(fields))
        case .operatorAction: .operatorAction(try operatorAction(fields))
        case .sample: .sample(try sample(fields))
        case .feedGap: .feedGap(FeedEvent.FeedGap(missed: try fields.int("missed"), kinds: try fields.value("kinds")))
        case .snapshot: .snapshot(try snapshot(fields))
        }
    }

    private static func serverState(_ fields: Fields) throws -> FeedEvent.ServerState {
        FeedEvent.ServerState(
            url: try fields.string("url"), version: try fields.string("version"), reason: try fields.optional("reason"))
    }

    private static func probe(_ fields: Fields) throws -> FeedEvent.Probe {
        FeedEvent.Probe(
            remote: try fields.string("remote"), userAgent: try fields.optional("userAgent"), admitted: try fields.value("admitted"),
            held: try fields.int("held"))
    }

    private static func opened(_ fields: Fields) throws -> FeedEvent.ConnectionOpened {
        FeedEvent.ConnectionOpened(
            connection: try fields.string("connection"), key: try fields.optional("key"), previous: try fields.optional("previous"),
            remote: try fields.string("remote"), userAgent: try fields.optional("userAgent"), tries: try fields.int("tries"),
            tls: try fields.value("tls"))
    }

    private static func rejected(_ fields: Fields) throws -> FeedEvent.ConnectionRejected {
        FeedEvent.ConnectionRejected(
            remote: try fields.string("remote"), status: try fields.int("status"), reason: try fields.string("reason"),
            tries: try fields.int("tries"))
    }

    private static func closed(_ fields: Fields) throws -> FeedEvent.ConnectionClosed {
        FeedEvent.ConnectionClosed(
            connection: try fields.string("connection"), code: try fields.int("code"), reason: try fields.optional("reason"),
            by: try fields.name("by"), lived: try fields.int("lived"), messagesIn: try fields.int("messagesIn"),
            messagesOut: try fields.int("messagesOut"), bytesIn: try fields.int("bytesIn"), bytesOut: try fields.int("bytesOut"))
    }

    private static func namespaceChange(_ fields: Fields) throws -> FeedEvent.NamespaceChange {
        FeedEvent.NamespaceChange(
            connection: try fields.string("connection"), namespace: try fields.string("namespace"), error: try fields.optional("error"),
            forced: try fields.value("forced"))
    }

    private static func roomChange(_ fields: Fields) throws -> FeedEvent.RoomChange {
        FeedEvent.RoomChange(
            connection: try fields.string("connection"), namespace: try fields.string("namespace"), room: try fields.string("room"),
            error: try fields.optional("error"), forced: try fields.value("forced"))
    }

    private static func message(_ fields: Fields) throws -> FeedEvent.TappedMessage {
        FeedEvent.TappedMessage(
            connection: try fields.string("connection"), direction: try fields.name("direction"), namespace: try fields.string("namespace"),
            room: try fields.string("room"), event: try fields.string("event"), bytes: try fields.int("bytes"),
            body: try fields.string("body"), skipped: try fields.optional("skipped") ?? 0)
    }

    private static func violation(_ fields: Fields) throws -> FeedEvent.ProtocolViolation {
        FeedEvent.ProtocolViolation(
            connection: try fields.optional("connection"), kind: try fields.string("kind"), detail: try fields.string("detail"))
    }

    private static func incident(_ fields: Fields) throws -> FeedEvent.IncidentFigures {
        FeedEvent.IncidentFigures(
            incident: try fields.int("incident"), cause: try fields.string("cause"), dropped: try fields.optional("dropped"),
            probes: try fields.int("probes"), probed: try fields.int("probed"), upgraded: try fields.int("upgraded"),
            namespacesBack: try fields.int("namespacesBack"), roomsBack: try fields.int("roomsBack"),
            missing: try fields.optional("missing"), p50: try fields.optional("p50"), p95: try fields.optional("p95"),
            p99: try fields.optional("p99"),
            missingKeys: try fields.objects("missingKeys")?.map { missing in
                FeedEvent.MissingKey(
                    key: try missing.optional("key"), count: try missing.int("count"), connections: try missing.value("connections"))
            })
    }

    private static func lint(_ fields: Fields) throws -> FeedEvent.Lint {
        FeedEvent.Lint(
            lint: try fields.string("lint"), subject: try fields.string("subject"), detail: try fields.string("detail"),
            remedy: try fields.string("remedy"))
    }

    private static func operatorAction(_ fields: Fields) throws -> FeedEvent.OperatorAction {
        FeedEvent.OperatorAction(
            action: try fields.string("action"), by: try fields.string("by"), target: try fields.string("target"),
            count: try fields.int("count"), result: try fields.string("result"),
            // Tapes of before do not have it.
            away: try fields.optional("away"))
    }

    private static func sample(_ fields: Fields) throws -> FeedEvent.Sample {
        FeedEvent.Sample(
            connections: try fields.int("connections"), namespaces: try fields.int("namespaces"), rooms: try fields.int("rooms"),
            messagesInPerSecond: try fields.value("messagesInPerSecond"), messagesOutPerSecond: try fields.value("messagesOutPerSecond"),
            bytesInPerSecond: try fields.value("bytesInPerSecond"), bytesOutPerSecond: try fields.value("bytesOutPerSecond"),
            probesPerSecond: try fields.value("probesPerSecond"), openedPerSecond: try fields.value("openedPerSecond"),
            closedPerSecond: try fields.value("closedPerSecond"), cpuPercent: try fields.value("cpuPercent"),
            memoryBytes: try fields.int("memoryBytes"), loopLag: try fields.value("loopLag"),
            // Tapes of before do not have it.
            slowestHandler: try fields.optional("slowestHandler") ?? 0)
    }

    private static func snapshot(_ fields: Fields) throws -> FeedEvent.FeedSnapshot {
        guard let connections = try fields.objects("connections") else { throw TapeError.badField("connections", type: "snapshot") }
        return FeedEvent.FeedSnapshot(
            connections: try connections.map { present in
                FeedEvent.FeedSnapshot.Present(
                    connection: try present.string("connection"), key: try present.optional("key"), remote: try present.string("remote"),
                    userAgent: try present.optional("userAgent"), tries: try present.int("tries"), opened: try present.time("opened"),
                    acknowledged: try present.optional("acknowledged") ?? true, tls: try present.optional("tls") ?? false,
                    previous: try present.optional("previous"), namespaces: try present.value("namespaces"))
            }, counters: try fields.value("counters"))
    }
}

/// The fields of one object, by name.
private struct Fields: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>

    init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: Key.self) }
    init(from decoder: any Decoder) throws { try self.init(decoder) }

    func value<Value: Decodable>(_ name: String) throws -> Value {
        try placed(name) { try container.decode(Value.self, forKey: $0) }
    }

    func optional<Value: Decodable>(_ name: String) throws -> Value? {
        try placed(name) { try container.decodeIfPresent(Value.self, forKey: $0) }
    }

    func string(_ name: String) throws -> String { try value(name) }
    func int(_ name: String) throws -> Int { try value(name) }
    func objects(_ name: String) throws -> [Fields]? { try optional(name) }

    /// Foundation does not say of which field a number is that does not fit.
    private func placed<Value>(_ name: String, _ decode: (Key) throws -> Value) throws -> Value {
        let key = Key(stringValue: name)
        do {
            return try decode(key)
        } catch  where !(error is DecodingError || error is TapeError) {
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "not of its type")
        }
    }

    /// A time, nil where there is none.
    func time(_ name: String) throws -> FeedTime? {
        guard let text: String = try optional(name) else { return nil }
        guard let time = FeedTime(iso8601: text) else {
            throw DecodingError.dataCorruptedError(forKey: Key(stringValue: name), in: container, debugDescription: "no time")
        }
        return time
    }

    /// A value of one of the names that the type has.
    func name<Value: RawRepresentable>(_ name: String) throws -> Value where Value.RawValue == String {
        let text = try string(name)
        guard let value = Value(rawValue: text) else {
            throw DecodingError.dataCorruptedError(forKey: Key(stringValue: name), in: container, debugDescription: "unknown value")
        }
        return value
    }
}
