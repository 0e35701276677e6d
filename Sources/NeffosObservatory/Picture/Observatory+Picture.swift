import Foundation
import NeffosFeed

/// The whole model as one value, so that an attached console begins with the very picture that the server has: both go on with the same events to
/// the same ends.
///
/// What a host decides for itself is no part of it: how many of the feed's entries are kept (``Observatory/recentEvents``); nor are the figures of
/// single connections, which are asked for.
extension Observatory: Codable {
    private enum CodingKeys: String, CodingKey { case version, model, absences }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var coder = PictureCoder()
        var copy = self
        try copy.code(&coder)
        try container.encode(PictureCoder.version, forKey: .version)
        try container.encode(Data(coder.bytes), forKey: .model)
        var absences = PictureCoder()
        try copy.tracker.codeAbsences(&absences)
        try container.encode(Data(absences.bytes), forKey: .absences)
    }

    /// - Throws: ``PictureError``, or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == PictureCoder.version else { throw PictureError.version(version) }
        var coder = PictureCoder(reading: Array(try container.decode(Data.self, forKey: .model)))
        self.init()
        try code(&coder)
        try coder.check(coder.remaining == 0)
        // Servers of before do not send them.
        guard let absences = try container.decodeIfPresent(Data.self, forKey: .absences) else { return }
        coder = PictureCoder(reading: Array(absences))
        try tracker.codeAbsences(&coder)
    }

    private mutating func code(_ coder: inout PictureCoder) throws {
        try coder.time(&now)
        try coder.number(&revision)
        try coder.int(&seq)
        try coder.optionalText(&node)
        try table.code(&coder)
        try lineage.code(&coder)
        try histories.code(&coder)
        try sources.code(&coder)
        try kicks.code(&coder)
        try lintBook.code(&coder)
        tracker.configuration.lints = lintBook.settings
        try acknowledgements.code(&coder)
        try coder.int(&loops.late)
        try consumers.code(&coder)
        try flaps.code(&coder)
        try codePending(&coder)
        try log.code(&coder)
        try tracker.code(&coder)
        try vital.code(&coder)
        try totals.code(&coder)
        try coder.int(&events)
        let never = FeedTime(milliseconds: 0)
        try coder.table(&leaving, "", Leaving(since: never, namespaces: [])) {
            try $0.text(&$1)
            try $0.time(&$2.since)
            try NamespaceMembership.code(&$2.namespaces, &$0)
        }
        try coder.time(&lastLifeSign)
        try coder.optional(&earlier, Roster(savedAt: never)) {
            try $0.time(&$1.savedAt)
            try $0.list(&$1.entries, Roster.Entry(connection: "", key: nil, remote: "")) {
                try $0.text(&$1.connection)
                try $0.optionalText(&$1.key)
                try $0.text(&$1.remote)
                try $0.table(&$1.namespaces, "", []) {
                    try $0.text(&$1)
                    try $0.texts(&$2)
                }
            }
        }
    }

    /// Lints of figures that wait for the next event.
    private mutating func codePending(_ coder: inout PictureCoder) throws {
        let blank = FeedEvent(
            time: FeedTime(milliseconds: 0), kind: .lintRaised(.init(lint: "", subject: "", detail: "", remedy: "")))
        try coder.list(&pending, blank) { coder, event in
            var lint = FeedEvent.Lint(lint: "", subject: "", detail: "", remedy: "")
            var isRaised = true
            switch event.kind {
            case .lintRaised(let value): lint = value
            case .lintCleared(let value): (lint, isRaised) = (value, false)
            default: break
            }
            try coder.time(&event.time)
            try coder.bool(&isRaised)
            try coder.text(&lint.lint)
            try coder.text(&lint.subject)
            try coder.text(&lint.detail)
            try coder.text(&lint.remedy)
            event.kind = isRaised ? .lintRaised(lint) : .lintCleared(lint)
        }
    }
}
