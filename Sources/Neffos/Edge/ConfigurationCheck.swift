/// Whether single values of a configuration can be ones, for whoever reads them from somewhere and wants to say where.
package enum ConfigurationCheck {
    /// - Throws: what is wrong with an entry of ``ServerConfiguration/origins``.
    package static func origin(_ text: String) throws(ConfigurationError) { try Origins.check(text) }

    /// - Throws: what is wrong with an entry of ``ServerConfiguration/parameterHeaders``.
    package static func parameterHeader(_ text: String) throws(ConfigurationError) { try ParameterHeaders.check(text) }

    /// - Throws: what is wrong with an entry of ``ServerConfiguration/trustedProxies``.
    package static func trustedProxy(_ text: String) throws(ConfigurationError) { _ = try AddressRange(parsing: text) }

    /// Whether a text can be a client's id or key (protocol section 2).
    package static func isIdentity(_ text: String) -> Bool { UpgradeRequest.isIdentity(text) }
}
