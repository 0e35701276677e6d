import NeffosObservatory

/// What the configuration may say of one event of one namespace (cli.md's relay).
enum RelayRule {
    static let actions = ["reply", "broadcast", "broadcast-others", "ignore", "refuse"]
    /// System events that a relay may refuse.
    static let refusable = ["_OnNamespaceConnect", "_OnNamespaceDisconnect", "_OnRoomJoin", "_OnRoomLeave"]
    static let native = "_OnNativeMessage"

    /// What there is without any configuration.
    static let standard: [String: [String: String]] = [
        "default": ["echo": "reply", "chat": "broadcast", "notify": "broadcast-others", "*": "ignore"]
    ]

    /// - Throws: ``ValueError`` where the action is none, or none for this event.
    static func check(namespace: String, event: String, action: String) throws(ValueError) {
        guard actions.contains(action) else {
            throw ValueError("\"\(action)\" is no action", advice: NearestName.advice(for: action, among: actions))
        }
        if event == native {
            guard namespace.isEmpty else {
                throw ValueError("the event \"\(native)\" is only for the namespace \"\"", advice: "move it there")
            }
            guard ["reply", "broadcast", "ignore"].contains(action) else {
                throw ValueError("\"\(action)\" is no action for \"\(native)\"", advice: "write reply, broadcast or ignore")
            }
        } else if event.hasPrefix("_On") {
            guard refusable.contains(event) else {
                throw ValueError(
                    "the event \"\(event)\" is no event of a relay", advice: NearestName.advice(for: event, among: refusable + [native]))
            }
            guard action == "refuse" || action == "ignore" else {
                throw ValueError("\"\(action)\" is no action for \"\(event)\"", advice: "write refuse, or leave it out")
            }
        } else if event.isEmpty {
            throw ValueError("the event \"\" has no name", advice: "write an event's name, or \"*\" for any")
        }
    }
}
