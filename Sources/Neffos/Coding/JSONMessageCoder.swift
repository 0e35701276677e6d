#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import NIOCore

/// Bodies as JSON, keys sorted, so that equal values have equal bodies. Dates and data are what `JSONEncoder` makes of them, unless the
/// encoder and decoder are told otherwise.
public struct JSONMessageCoder: MessageCoder {
    private let encoder: @Sendable () -> JSONEncoder
    private let decoder: @Sendable () -> JSONDecoder

    /// Sorted keys, slashes as they are, and all else as `JSONEncoder` and `JSONDecoder` do it.
    public init() {
        self.init(
            encoder: {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return encoder
            }, decoder: { JSONDecoder() })
    }

    /// - Parameters:
    ///   - encoder: makes the encoder of one value.
    ///   - decoder: makes the decoder of one value.
    public init(encoder: @escaping @Sendable () -> JSONEncoder, decoder: @escaping @Sendable () -> JSONDecoder) {
        self.encoder = encoder
        self.decoder = decoder
    }

    /// JSON is UTF-8: it travels in text frames.
    public var isBinary: Bool { false }

    /// - Throws: `EncodingError`.
    public func encode<Value: Encodable>(_ value: Value) throws -> ByteBuffer { ByteBuffer(bytes: try encoder().encode(value)) }

    /// - Throws: `DecodingError`.
    public func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value {
        try decoder().decode(type, from: Data(body.readableBytesView))
    }
}
