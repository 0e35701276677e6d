import NeffosFeed
import NeffosObservatory

/// From the wish to do something to the command.
extension ConsoleModel {
    mutating func openMenu(_ live: any ObservatoryReading, now: Duration) { dialog = .menu(ActionMenu(choices: choices(live))) }

    /// On whom an action may work, the likeliest first.
    private func choices(_ live: any ObservatoryReading) -> [ActionTargets] {
        guard screen == .connections, live.connectionCount > 0 else { return [] }
        var choices: [ActionTargets] = connections.marks.isEmpty ? [] : [.marked]
        if let selected = connections.selected { choices.append(.selected(selected)) }
        if !connections.filter.isEmpty { choices.append(.shown) }
        return choices + [.everybody]
    }

    /// On whom an action works that is asked for by its own key.
    func targets(for kind: ActionKind) -> ActionTargets {
        guard screen == .connections else { return .everybody }
        if !connections.marks.isEmpty { return .marked }
        if kind == .drill { return connections.filter.isEmpty ? .everybody : .shown }
        return connections.selected.map { .selected($0) } ?? .everybody
    }

    /// Asks for what the action needs, or does it where it needs nothing.
    mutating func begin(_ kind: ActionKind, on targets: ActionTargets, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        if !kind.isOfServer, live.connectionCount == 0 {
            dialog = nil
            notice = Notice(text: "\(kind.title): nobody is connected", until: now + Self.noticing)
            return []
        }
        let form = ActionForm(kind, targets: targets, values: values(for: targets, live))
        guard kind.fields.isEmpty else {
            dialog = .form(form)
            return []
        }
        if kind == .tap, case .selected = targets {
            dialog = nil
            startTap(shown(live))
            return []
        }
        return submit(form, live: live, now: now)
    }

    /// What stands in the fields to begin with.
    private func values(for targets: ActionTargets, _ live: any ObservatoryReading) -> [ActionField: String] {
        var values: [ActionField: String] = [.code: "1008", .reason: "closed by the operator", .holdOff: "0s", .away: "3s"]
        values[.percent] = targets == .everybody ? "50%" : "100%"
        // Where the selected one is, or most are.
        let first: NamespaceMembership?
        if case .selected(let id) = targets { first = live.connection(id)?.namespaces.first } else { first = nil }
        values[.namespace] = first?.name ?? live.namespaces.first?.name ?? ""
        values[.room] = first?.rooms.first ?? ""
        return values
    }

    mutating func updateDialog(_ command: ConsoleCommand, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        if command == .back {
            dialog = nil
            return []
        }
        switch dialog {
        case .menu(var menu):
            switch command {
            case .up, .down: menu.move(by: Self.rows(command, page: 1))
            case .left: menu.chooseTargets(by: -1)
            case .right: menu.chooseTargets(by: 1)
            case .open: return begin(menu.kind, on: menu.targets ?? .everybody, live: live, now: now)
            case .act(let kind): if menu.kinds.contains(kind) { return begin(kind, on: menu.targets ?? .everybody, live: live, now: now) }
            default: break
            }
            dialog = .menu(menu)
        case .form(var form):
            switch command {
            case .up, .down: form.moveFocus(by: Self.rows(command, page: 1))
            case .accept: return submit(form, live: live, now: now)
            default: break
            }
            dialog = .form(form)
        case .confirmation(var confirmation):
            guard command == .accept else { return [] }
            if confirmation.accept() { return perform(confirmation.command, now: now) }
            dialog = .confirmation(confirmation)
        case .columns(let chooser): return updateColumns(command, chooser, live: live, now: now)
        case nil: break
        }
        return []
    }

    private mutating func submit(_ form: ActionForm, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        var form = form
        guard let action = form.action() else {
            dialog = .form(form)
            return []
        }
        let (targets, present) = resolve(action.hasTargets ? form.targets : .everybody, live)
        var count = present
        if case .drill(let percent, _) = action, present > 0 {
            count = min(present, max(1, Int((Double(present) * percent / 100).rounded())))
        }
        let command = OperatorCommand(action, targets: targets, by: "console")
        if form.kind.isGrave || (action.hasTargets && count > 1) {
            dialog = .confirmation(Confirmation(command, kind: form.kind, count: count))
            return []
        }
        guard present > 0 || !action.hasTargets else {
            dialog = nil
            notice = Notice(text: "\(action.name): the connection is gone", until: now + Self.noticing)
            return []
        }
        return perform(command, now: now)
    }

    /// The targets by id, as they are now, and how many they are.
    private func resolve(_ targets: ActionTargets, _ live: any ObservatoryReading) -> (OperatorCommand.Targets, Int) {
        let ids: [String]
        switch targets {
        case .everybody: return (.all, live.connectionCount)
        case .selected(let id): ids = live.hasConnection(id) ? [id] : []
        case .marked: ids = connections.marks.ids.filter(live.hasConnection).sorted()
        case .shown: ids = connections.allShown(in: live)
        }
        return (.connections(ids), ids.count)
    }

    private mutating func perform(_ command: OperatorCommand, now: Duration) -> [ConsoleEffect] {
        dialog = nil
        underway.append(command)
        return [.perform(command)]
    }

    /// What came of a command stands in the alert line for a while.
    mutating func take(_ outcome: OperatorOutcome, of command: OperatorCommand, now: Duration) {
        if let index = underway.firstIndex(of: command) { underway.remove(at: index) }
        let name = command.action.name
        if case .tap(let isOn) = command.action, let tap = connections.tap, command.targets == .connections([tap.connection]) {
            // The tap of the detail speaks for itself, unless there is none.
            guard outcome.isRefused else { return }
            if isOn { connections.tap = nil }
        }
        if outcome.isRefused {
            notice = Notice(text: "\(name) refused: \(outcome.result)", until: now + Self.noticing)
            return
        }
        let count = command.action.hasTargets ? ConsoleFormat.count(outcome.count) + " " : ""
        let isPlain = outcome.result == "done"
        notice = Notice(
            text: isPlain ? "\(name): \(count)done" : "\(name): \(count.isEmpty ? "" : count.dropLast() + ", ")\(outcome.result)",
            until: now + Self.noticing, role: .good)
    }

    /// What was asked about the open row; what comes too late is about another one.
    mutating func take(_ details: ConnectionDetails?, of connection: String) {
        if connection == connections.selected { self.details = details }
    }

    private mutating func updateColumns(
        _ command: ConsoleCommand, _ chooser: ColumnChooser, live: any ObservatoryReading, now: Duration
    ) -> [ConsoleEffect] {
        var chooser = chooser
        switch command {
        case .up, .down: chooser.move(by: Self.rows(command, page: 1))
        case .toggle: chooser.toggle()
        case .moveLeft: chooser.shift(by: -1)
        case .moveRight: chooser.shift(by: 1)
        case .reset: chooser.reset()
        case .sortNext: connections.sort(by: chooser.field)
        case .accept:
            dialog = nil
            return [.remember]
        default: break
        }
        // The table behind shows it at once.
        connections.columns = chooser.columns
        dialog = .columns(chooser)
        connections.refresh(from: shown(live), now: now, visible: connectionsLayout.visibleRows)
        return []
    }
}
