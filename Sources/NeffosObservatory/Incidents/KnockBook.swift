/// Which addresses have probed since an incident began, and which had an upgrade refused. Bounded: later ones are not kept, and that is known.
struct KnockBook: Sendable {
    static let capacity = 131_072
    static let mostRefused = 4_096

    var probes: [CompactRemote: Int32] = [:]
    var refusals: [CompactRemote: String] = [:]
    /// Whether there were more addresses than are kept, so that one that is not here may have probed.
    var isIncomplete = false

    mutating func probe(_ remote: CompactRemote) {
        let address = remote.withoutPort
        guard probes.count < KnockBook.capacity || probes[address] != nil else {
            isIncomplete = true
            return
        }
        probes[address, default: 0] += 1
    }

    mutating func reject(_ remote: CompactRemote, reason: String) {
        let address = remote.withoutPort
        guard refusals.count < KnockBook.mostRefused || refusals[address] != nil else {
            isIncomplete = true
            return
        }
        let reason: String = BoundedText.cut(reason, to: BoundedText.label)
        refusals[address] = reason
    }

    /// How often the address of `remote` has probed, and why it was refused last.
    func knocks(of remote: String) -> (probes: Int, refusal: String?) {
        if probes.isEmpty, refusals.isEmpty { return (0, nil) }
        let address = CompactRemote(remote).withoutPort
        return (Int(probes[address] ?? 0), refusals[address])
    }
}

extension CompactRemote {
    /// What all connections from one address have in common.
    var withoutPort: CompactRemote {
        switch self {
        case .ipv4(let address, _): .ipv4(address, port: 0)
        case .text(let text): .text(BoundedText.address(of: text))
        }
    }
}
