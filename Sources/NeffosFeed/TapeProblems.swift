/// What of a tape could not be read. Lines that are read again are not counted again.
package struct TapeProblems: Sendable, Hashable {
    /// Types by name that are kept; the rest is counted together.
    static let mostTypes = 16

    /// Lines that are no events: no JSON, or a field that is missing or of another type.
    package private(set) var unreadable = 0
    /// Why the first of them could not be read.
    package private(set) var firstUnreadable: String?
    /// Lines of a type that this version does not know, by that type.
    package private(set) var unknownTypes: [String: Int] = [:]
    /// Of those types that there was no room for.
    package private(set) var unknownOthers = 0
    /// Lines of a newer version of the feed, and the newest of those versions.
    package private(set) var newer = 0
    package private(set) var newestVersion = 0
    /// Bytes behind the last whole line.
    package internal(set) var cutShort = 0
    private var countedUpTo = -1

    package init() {}

    package var isEmpty: Bool { self == TapeProblems(countedUpTo: countedUpTo) }

    private init(countedUpTo: Int) { self.countedUpTo = countedUpTo }

    mutating func read(at offset: Int) { countedUpTo = max(countedUpTo, offset) }

    mutating func count(_ error: TapeError, at offset: Int) {
        guard offset > countedUpTo else { return }
        countedUpTo = offset
        switch error {
        case .newerVersion(let version):
            newer += 1
            newestVersion = max(newestVersion, version)
        case .unknownType(let type):
            let name = String(type.prefix(64))
            if unknownTypes[name] != nil || unknownTypes.count < Self.mostTypes {
                unknownTypes[name, default: 0] += 1
            } else {
                unknownOthers += 1
            }
        case .notJSON, .badField:
            unreadable += 1
            if firstUnreadable == nil { firstUnreadable = error.description }
        }
    }

    /// One sentence each, to be made safe before they are shown; none where all was read.
    /// - Parameter atEnd: whether the tape was read to its end, so that what is behind the last whole line is known to be a rest.
    package func sentences(atEnd: Bool) -> [String] {
        var sentences: [String] = []
        if newer > 0 {
            sentences.append(
                "\(lines(newer)) of feed version \(newestVersion) passed over: this program reads version \(JSONLines.version), use a newer one"
            )
        }
        let unknown = unknownTypes.values.reduce(unknownOthers, +)
        if unknown > 0 {
            let names = unknownTypes.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" } + (unknownOthers > 0 ? ["others"] : [])
            sentences.append("\(lines(unknown)) of unknown types passed over, from a newer program: \(names.joined(separator: ", "))")
        }
        if unreadable > 0 {
            sentences.append(
                "\(lines(unreadable)) passed over, no \(unreadable == 1 ? "event" : "events"); the first: \(firstUnreadable ?? "")")
        }
        if atEnd, cutShort > 0 { sentences.append("the tape ends within a line (\(cutShort) bytes): it plays up to its last whole one") }
        return sentences
    }

    private func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
}
