import Foundation
package import NeffosObservatory

/// The whole model as bytes, for a console of the same version.
package enum Picture {
    /// Of what stands around the model's own bytes, which have a version of theirs.
    package static let version = 1

    package static func encode(_ observatory: Observatory) throws -> [UInt8] { Array(try JSONEncoder().encode(observatory)) }

    package static func decode(_ bytes: [UInt8]) throws -> Observatory { try JSONDecoder().decode(Observatory.self, from: Data(bytes)) }
}
