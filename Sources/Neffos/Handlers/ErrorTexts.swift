import Logging

/// From the errors of handlers to the texts that travel, and back (protocol section 4).
struct ErrorTexts: Sendable {
    private let known: [any KnownError.Type]
    private let unknown: @Sendable (any Error) -> String

    init(_ handlers: EventHandlers) {
        known = handlers.knownErrors
        unknown = handlers.unknownErrorText
    }

    /// What the other side is told of an error that a handler threw. Never nothing: the Go original takes an error without a text for
    /// success.
    func text(of error: any Error, _ logger: Logger) -> String {
        let text = ownText(of: error, logger)
        return text.isEmpty ? NeffosError.Code.internalError.rawValue : text
    }

    private func ownText(of error: any Error, _ logger: Logger) -> String {
        switch error {
        case let error as NeffosError: return error.text
        case let error as any KnownError: return error.text
        case let error as MessageBodyError where error.step == .decoding:
            // The other side's fault; the details name our types.
            logger.debug("a body was refused", metadata: ["error": "\(error)"])
            return NeffosError.Code.invalidPayload.rawValue
        default:
            logger.warning("a handler failed", metadata: ["error": "\(error)"])
            return unknown(error)
        }
    }

    /// The error that a text of the other side stands for.
    func error(for text: String) -> any Error { recognized(NeffosError(text)) }

    /// `complete`, told known errors as themselves.
    func recognizing(_ complete: @escaping PendingOperations.Completion) -> PendingOperations.Completion {
        if known.isEmpty { return complete }
        return { result in
            complete(result.mapError { ($0 as? NeffosError).map(recognized) ?? $0 })
        }
    }

    /// `error`, or the known error that its text stands for.
    private func recognized(_ error: NeffosError) -> any Error {
        guard error.code == .other else { return error }
        for type in known { if let known = type.init(text: error.text) { return known } }
        return error
    }
}
