/// What can be asked in the namespace `feed`, and its bodies.
package enum FeedAsk: String, CaseIterable, Sendable {
    /// Who serves, and what of this it can do. `{}` → ``About``.
    case about
    /// Who is here, as a line of the feed; `event` messages follow from there on. `{}` → a `snapshot` line.
    case snapshot
    /// The whole model, for a console of the same version. ``PictureAsk`` → ``PictureOffer``.
    case picture
    /// A part of it, as it was offered. ``PartAsk`` → bytes.
    case part
    /// The picture is there: `event` messages follow from its `seq` on. ``LiveAsk`` → nothing.
    case live
    /// What is known of one connection. ``DetailAsk`` → `ConnectionDetails`, or null where it is gone.
    case detail
    /// The figures of some connections, or of all. ``FiguresAsk`` → `[ConnectionFigures]`.
    case figures
    /// Follow the messages of a connection, or no more. ``TapAsk`` → `OperatorOutcome`.
    case tap
    /// `OperatorCommand` → `OperatorOutcome`.
    case command

    /// The namespace of the endpoint.
    package static let namespace = "feed"
    /// The name of the messages that carry a line of the feed each.
    package static let event = "event"
    /// The endpoint's path.
    package static let path = "/feed"

    /// A body without a field.
    package struct Nothing: Codable, Sendable, Hashable { package init() {} }

    package struct About: Codable, Sendable, Hashable {
        /// Of the server's program.
        package var version: String
        package var node: String
        package var url: String
        /// The version of the lines of the feed.
        package var feed: Int
        /// The version of ``FeedAsk/picture``; 0 where there is none.
        package var picture: Int
        /// Whether commands are refused.
        package var readOnly: Bool
        /// The server's clock, in milliseconds since 1970.
        package var time: Int64
        /// Names this run of the server: another one has another.
        package var run: String
        /// The `seq` of the newest event.
        package var seq: Int
    }

    package struct PictureAsk: Codable, Sendable, Hashable { package var version: Int }

    package struct PictureOffer: Codable, Sendable, Hashable {
        package var picture: Int
        /// The entry of the feed that the picture stands at.
        package var seq: Int
        package var bytes: Int
        /// Of ``partBytes`` each, but for the last.
        package var parts: Int
        package static let partBytes = 256 << 10
    }

    package struct PartAsk: Codable, Sendable, Hashable {
        package var picture: Int
        /// The first is 0.
        package var part: Int
    }

    package struct LiveAsk: Codable, Sendable, Hashable { package var picture: Int }
    package struct DetailAsk: Codable, Sendable, Hashable { package var connection: String }
    package struct FiguresAsk: Codable, Sendable, Hashable {
        /// Their ids; nil for all.
        package var connections: [String]?
    }
    package struct TapAsk: Codable, Sendable, Hashable {
        package var connection: String
        package var on: Bool
    }
}
