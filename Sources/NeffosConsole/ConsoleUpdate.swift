import NeffosObservatory
import Terminal

extension ConsoleModel {
    /// Takes one key.
    /// - Parameters:
    ///   - live: the observatory as it is now; while paused the keys work on the held picture, but quitting asks about the living clients.
    ///   - now: time since the console began.
    mutating func update(_ key: Key, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        notice = nil
        if isTooSmall, !isConfirmingQuit {
            // What cannot be seen cannot be steered; leaving is still possible.
            switch KeyTable.command(for: key, in: .overview, abilities) {
            case .quit?: return quit(live)
            case .redraw?: return [.redraw]
            case .suspend?: return suspend(now: now)
            default: return []
            }
        }
        if let effects = typeIntoView(key, shown(live), now: now) { return effects }
        let context = context
        guard let command = KeyTable.command(for: key, in: context, abilities) else {
            type(key, in: context, live: live, now: now)
            return []
        }
        switch context {
        case .actions, .form, .confirmAction, .columns: return updateDialog(command, live: live, now: now)
        case .filter: return updateFilter(command, live: live, now: now)
        default: break
        }
        if let effects = updateScreen(command, live: live, now: now) { return effects }
        if let effects = updateConnections(command, live: live, now: now) { return effects }
        switch command {
        case .quit: return quit(live)
        case .accept: return isConfirmingQuit ? [.quit] : []
        case .refuse: isConfirmingQuit = false
        case .redraw: return [.redraw]
        case .suspend: return suspend(now: now)
        case .show(let screen): show(screen, live, now)
        case .nextScreen: show(screen.neighbour(1, hasNodes: abilities.hasNodes), live, now)
        case .previousScreen: show(screen.neighbour(-1, hasNodes: abilities.hasNodes), live, now)
        case .help:
            isHelpShown = true
            helpPager = Pager()
        case .log:
            isLogShown = true
            logPager = Pager()
            logPager.toLast()
        case .pause: if isPaused { resume() } else { pause(live) }
        case .back: back(live, now)
        case .actions: openMenu(live, now: now)
        case .act(let kind): return begin(kind, on: targets(for: kind), live: live, now: now)
        case .explain: notice = Notice(text: KeyTable.explanation(abilities), until: now + Self.noticing)
        case .replay(let command): return [.replay(command)]
        case .zoom:
            let all = Resolution.allCases
            zoom = all[((all.firstIndex(of: zoom) ?? 0) + 1) % all.count]
        case .open: open(live)
        case .probes: returns.mode = .probes
        case .save: return [.save]
        case .nextNode: return choose(nodes.neighbour(1))
        case .previousNode: return choose(nodes.neighbour(-1))
        case .up, .down, .pageUp, .pageDown, .first, .last: move(command, shown(live), now)
        default: break
        }
        return []
    }

    /// Keys that are no commands are text where there is something to write into.
    private mutating func type(_ key: Key, in context: KeyContext, live: any ObservatoryReading, now: Duration) {
        switch (context, dialog) {
        case (.filter, _): typeFilter(key, live: live, now: now)
        case (.form, .form(var form)):
            form.type(key)
            dialog = .form(form)
        case (.confirmAction, .confirmation(var confirmation)):
            confirmation.type(key)
            dialog = .confirmation(confirmation)
        default: break
        }
    }

    mutating func quit(_ live: any ObservatoryReading) -> [ConsoleEffect] {
        guard isServing, live.connectionCount > 0 else { return [.quit] }
        isConfirmingQuit = true
        return []
    }

    private mutating func suspend(now: Duration) -> [ConsoleEffect] {
        if canSuspend { return [.suspend] }
        notice = Notice(
            text: "Ctrl-Z would stop the server, so it does nothing here; q leaves, and asks first", until: now + Self.noticing)
        return []
    }

    private mutating func show(_ screen: ConsoleScreen, _ live: any ObservatoryReading, _ now: Duration) {
        // Who leaves the detail does not go on listening to it.
        if screen != self.screen { connections.tap = nil }
        self.screen = screen
        isLogShown = false
        // The next key may come before the next picture, and is about what stands there.
        refresh(from: live, now: now)
    }

    private mutating func back(_ live: any ObservatoryReading, _ now: Duration) {
        if isHelpShown {
            isHelpShown = false
        } else if isLogShown {
            isLogShown = false
        } else if screen == .returns {
            returns.mode = .incidents
        }
    }

    private mutating func open(_ live: any ObservatoryReading) {
        switch screen {
        case .returns:
            guard returns.current(in: shown(live).incidents) != nil else { return }
            returns.mode = .missing
            returns.missing = Pager()
        case .overview, .connections, .rooms, .events, .nodes: break
        }
    }

    /// What a screen does with a command by itself; nil where it does nothing of its own with it.
    private mutating func updateScreen(_ command: ConsoleCommand, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        switch context {
        case .rooms, .roomMembers: updateRooms(command, shown(live), now: now)
        case .events: updateEvents(command, shown(live), now: now)
        case .nodes: updateNodes(command)
        case .missing: updateReturns(command, shown(live), now: now)
        default: nil
        }
    }

    private mutating func move(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, _ now: Duration) {
        switch context {
        case .connections, .connectionDetail: moveConnections(command, observatory, now)
        case .returns:
            let visible = ReturnsLayout(size: size, incidentCount: observatory.incidents.count).incidentRows
            returns.move(by: Self.rows(command, page: visible), in: observatory.incidents)
        case .missing: Self.scroll(&returns.missing, command, page: ReturnsLayout(size: size).listRows)
        case .probes: Self.scroll(&returns.probes, command, page: ReturnsLayout(size: size).listRows)
        case .log: Self.scroll(&logPager, command, page: ConsoleLayout(size: size).logRows)
        case .help: Self.scroll(&helpPager, command, page: ConsoleLayout(size: size).helpRows)
        default: break
        }
        // What was scrolled past the end must not have to be scrolled back.
        refresh(from: observatory, now: now)
        helpPager.clamp(
            count: HelpScreen.entries(for: viewContext, abilities, ascii: isASCII).count, visible: ConsoleLayout(size: size).helpRows)
    }

    private static func scroll(_ pager: inout Pager, _ command: ConsoleCommand, page: Int) {
        switch command {
        case .first: pager.toFirst()
        case .last: pager.toLast()
        default: pager.move(by: rows(command, page: page))
        }
    }

    static func rows(_ command: ConsoleCommand, page: Int) -> Int {
        switch command {
        case .up: -1
        case .down: 1
        case .pageUp: -max(1, page - 1)
        case .pageDown: max(1, page - 1)
        case .first: -1_000_000_000
        case .last: 1_000_000_000
        default: 0
        }
    }
}
