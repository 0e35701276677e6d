import Foundation
package import NeffosObservatory

/// The whole model as bytes, for a console of the same version.
package enum Picture {
    /// Of the bytes; it changes with what the model keeps. 0: the model cannot be written.
    package static let version = model(Observatory.self) == nil ? 0 : 1

    package struct NotReadable: Error {}

    package static func encode(_ observatory: Observatory) throws -> [UInt8] {
        guard let encodable = codable(observatory) else { throw NotReadable() }
        return Array(try JSONEncoder().encode(encodable))
    }

    package static func decode(_ bytes: [UInt8]) throws -> Observatory { try decode(bytes, as: Observatory.self) }

    private static func decode<Model>(_ bytes: [UInt8], as: Model.Type) throws -> Model {
        guard let type = model(Model.self), let read = try JSONDecoder().decode(type, from: Data(bytes)) as? Model else {
            throw NotReadable()
        }
        return read
    }

    private static func model<Model>(_ type: Model.Type) -> (any Codable.Type)? { type as? any Codable.Type }
    private static func codable<Model>(_ model: Model) -> (any Encodable)? { model as? any Encodable }
}
