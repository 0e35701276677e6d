extension DialStep {
    var name: String {
        switch self {
        case .connect(let namespace): "connect \(namespace)"
        case .disconnect(let namespace): "disconnect \(namespace)"
        case .join(let namespace, let room): "join \(namespace) \(room)"
        case .leave(let namespace, let room): "leave \(namespace) \(room)"
        case .emit(let namespace, _, let event, _): "emit \(namespace) \(event)"
        case .ask(let namespace, _, let event, _): "ask \(namespace) \(event)"
        case .wait(let wait?): "wait \(wait.namespace) \(wait.event)"
        case .wait(nil): "wait"
        case .sleep(let time): "sleep \(time.text)"
        case .rooms: "rooms"
        case .help: "help"
        case .quit: "quit"
        }
    }

    /// What it asks of the server; nil: nothing.
    var wish: ProtocolWords.Wish? {
        switch self {
        case .connect: .connect
        case .join(let namespace, _): .join(namespace: namespace)
        case .disconnect, .leave: .leave
        case .ask(let namespace, let room, _, _): .use(namespace: namespace, room: room)
        case .emit, .wait, .sleep, .rooms, .help, .quit: nil
        }
    }
}
