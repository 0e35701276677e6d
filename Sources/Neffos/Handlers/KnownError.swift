/// An error that travels as its text and arrives as itself.
///
/// ```swift
/// enum ChatError: String, KnownError {
///     case full = "the room is full"
///     case banned = "you are banned"
/// }
/// ```
///
/// A handler that throws one sends its ``text``, whether it is registered or not. On the other side, where it is registered
/// (``EventHandlers/know(_:)``), a connect, join, leave, disconnect or ask that is answered with such a text throws the same error again;
/// elsewhere a ``NeffosError`` with the text.
public protocol KnownError: Error {
    /// What the other side is told. It is sent in clear to whoever asked.
    var text: String { get }
    /// The error that `text` stands for, nil where it is none of this type.
    init?(text: String)
}

extension KnownError where Self: RawRepresentable, RawValue == String {
    /// The raw value is the text.
    public var text: String { rawValue }
    /// The case whose raw value is `text`.
    public init?(text: String) { self.init(rawValue: text) }
}

extension EventHandlers {
    /// Registers types of errors that come back as themselves, in the order in which they are tried.
    ///
    /// The protocol's own texts (``NeffosError/Code``) are always a ``NeffosError``.
    public mutating func know(_ types: any KnownError.Type...) { know(types) }

    mutating func know(_ types: [any KnownError.Type]) {
        for type in types where !knownErrors.contains(where: { $0 == type }) { knownErrors.append(type) }
    }
}
