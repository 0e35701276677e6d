enum AddressText {
    /// `10.0.4.17` of `10.0.4.17:51234`, `::1` of `[::1]:51234`; anything else as it is.
    static func withoutPort(_ remote: String) -> String {
        guard let colon = remote.lastIndex(of: ":"), remote[remote.index(after: colon)...].allSatisfy(\.isNumber) else { return remote }
        let address = remote[..<colon]
        if address.hasPrefix("["), address.hasSuffix("]") { return String(address.dropFirst().dropLast()) }
        return address.contains(":") ? remote : String(address)
    }
}
