import Foundation
package import NeffosObservatory

/// The whole model as bytes, for a console of the same version.
package enum Picture {
    /// Of the bytes; it changes with what the model keeps. 0: the model cannot be written.
    package static let version = 0

    package struct NotReadable: Error {}

    package static func encode(_ observatory: Observatory) throws -> [UInt8] { throw NotReadable() }
    package static func decode(_ bytes: [UInt8]) throws -> Observatory { throw NotReadable() }
}
