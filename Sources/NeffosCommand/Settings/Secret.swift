/// A token or a key. It has a value for those who ask for it, and shows nobody anything: not in a log, an error, or a debugger's dump.
struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    init(_ value: String) { self.value = value }

    /// What stands where it would be shown.
    static let mask = "(not shown)"

    var description: String { Self.mask }
    var debugDescription: String { Self.mask }
    var customMirror: Mirror { Mirror(self, children: []) }
}
