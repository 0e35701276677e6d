/// Where keys go: what is in view decides what they do.
enum KeyContext: Sendable, CaseIterable {
    case overview, connections, connectionDetail, rooms, roomMembers, events, nodes, returns, missing, probes, log, help, filter
    case confirmQuit
    case actions, form, confirmAction, columns, typing

    /// What the help calls it.
    var title: String {
        switch self {
        case .overview: "Overview"
        case .connections: "Connections"
        case .connectionDetail: "Connections, with the detail open"
        case .rooms: "Rooms"
        case .roomMembers: "Rooms, with the members open"
        case .events: "Events"
        case .nodes: "Nodes"
        case .returns: "Returns"
        case .missing: "Missing clients"
        case .probes: "Probe sources"
        case .log: "Log"
        case .help: "Help"
        case .filter: "Filter"
        case .confirmQuit: "Quit"
        case .actions: "Actions"
        case .form: "Form"
        case .confirmAction: "Confirmation"
        case .columns: "Columns"
        case .typing: "Typing"
        }
    }
}
