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
            switch KeyTable.command(for: key, in: .overview) {
            case .quit?: return quit(live)
            case .redraw?: return [.redraw]
            case .suspend?: return suspend(now: now)
            default: return []
            }
        }
        if let effects = typeIntoView(key, shown(live), now: now) { return effects }
        let context = context
        guard let command = KeyTable.command(for: key, in: context) else {
            if context == .filter, case .character(let character) = key {
                connections.setFilter(connections.filter + String(character))
                reorder(live, now)
            }
            return []
        }
        if let effects = updateScreen(command, live: live, now: now) { return effects }
        switch command {
        case .quit: return quit(live)
        case .accept: return accept()
        case .refuse: isConfirmingQuit = false
        case .redraw: return [.redraw]
        case .suspend: return suspend(now: now)
        case .show(let screen): show(screen)
        case .nextScreen: show(screen.next)
        case .previousScreen: show(screen.previous)
        case .help:
            isHelpShown = true
            helpPager = Pager()
        case .log:
            isLogShown = true
            logPager = Pager()
            logPager.toLast()
        case .pause: if isPaused { resume() } else { pause(live) }
        case .back: back(live, now)
        case .filter: connections.isEditingFilter = true
        case .deleteCharacter:
            connections.setFilter(String(connections.filter.dropLast()))
            reorder(live, now)
        case .clearText:
            connections.setFilter("")
            reorder(live, now)
        case .sortNext:
            connections.sortByNextColumn()
            reorder(live, now)
        case .sortReverse:
            connections.reverse()
            reorder(live, now)
        case .open: open(live)
        case .probes: returns.mode = .probes
        case .up, .down, .pageUp, .pageDown, .first, .last: move(command, shown(live), now)
        case .rooms, .events: break
        }
        return []
    }

    private mutating func quit(_ live: any ObservatoryReading) -> [ConsoleEffect] {
        guard isServing, live.connectionCount > 0 else { return [.quit] }
        isConfirmingQuit = true
        return []
    }

    private mutating func accept() -> [ConsoleEffect] {
        if isConfirmingQuit { return [.quit] }
        connections.isEditingFilter = false
        return []
    }

    private mutating func suspend(now: Duration) -> [ConsoleEffect] {
        if canSuspend { return [.suspend] }
        notice = Notice(
            text: "Ctrl-Z would stop the server, so it does nothing here; q leaves, and asks first", until: now + Self.noticing)
        return []
    }

    private mutating func show(_ screen: ConsoleScreen) {
        self.screen = screen
        isLogShown = false
    }

    private mutating func back(_ live: any ObservatoryReading, _ now: Duration) {
        if isHelpShown {
            isHelpShown = false
        } else if isLogShown {
            isLogShown = false
        } else if screen == .returns {
            returns.mode = .incidents
        } else if screen == .connections {
            if connections.isEditingFilter {
                connections.isEditingFilter = false
                connections.setFilter("")
                reorder(live, now)
            } else if connections.isDetailOpen {
                connections.isDetailOpen = false
            } else if !connections.filter.isEmpty {
                connections.setFilter("")
                reorder(live, now)
            }
        }
    }

    private mutating func open(_ live: any ObservatoryReading) {
        switch screen {
        case .connections:
            connections.isDetailOpen = connections.selected != nil
            connections.detail = Pager()
        case .returns:
            guard returns.current(in: shown(live).incidents) != nil else { return }
            returns.mode = .missing
            returns.missing = Pager()
        case .overview, .rooms, .events: break
        }
    }

    /// What a screen does with a command by itself; nil where it does nothing of its own with it.
    private mutating func updateScreen(_ command: ConsoleCommand, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        switch context {
        case .rooms: updateRooms(command, shown(live), now: now)
        case .events: updateEvents(command, shown(live), now: now)
        case .missing: updateReturns(command, shown(live), now: now)
        default: nil
        }
    }

    /// A new sort or filter shows at once, and does not wait for the next second.
    private mutating func reorder(_ live: any ObservatoryReading, _ now: Duration) {
        let layout = ConnectionsLayout(size: size, isDetailOpen: connections.isDetailOpen)
        connections.refresh(from: shown(live), now: now, visible: layout.visibleRows)
    }

    private mutating func move(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, _ now: Duration) {
        switch context {
        case .connections:
            let visible = ConnectionsLayout(size: size, isDetailOpen: false).visibleRows
            if command == .last {
                connections.includeAll()
                connections.refresh(from: observatory, now: now, visible: visible)
            }
            connections.move(by: Self.rows(command, page: visible), now: now, visible: visible)
        case .connectionDetail:
            let layout = ConnectionsLayout(size: size, isDetailOpen: true)
            if command == .pageUp || command == .pageDown {
                connections.detail.move(by: Self.rows(command, page: layout.detail.map { ConnectionDetail.visibleRows(in: $0) } ?? 1))
            } else {
                connections.move(by: Self.rows(command, page: layout.visibleRows), now: now, visible: layout.visibleRows)
            }
        case .returns:
            let visible = ReturnsLayout(size: size, incidentCount: observatory.incidents.count).incidentRows
            returns.move(by: Self.rows(command, page: visible), in: observatory.incidents)
        case .missing: Self.scroll(&returns.missing, command, page: ReturnsLayout(size: size).listRows)
        case .probes: Self.scroll(&returns.probes, command, page: ReturnsLayout(size: size).listRows)
        case .log: Self.scroll(&logPager, command, page: ConsoleLayout(size: size).logRows)
        case .help: Self.scroll(&helpPager, command, page: ConsoleLayout(size: size).helpRows)
        case .overview, .rooms, .events, .filter, .confirmQuit, .typing: break
        }
        // What was scrolled past the end must not have to be scrolled back.
        refresh(from: observatory, now: now)
        helpPager.clamp(count: HelpScreen.entries(for: viewContext, ascii: isASCII).count, visible: ConsoleLayout(size: size).helpRows)
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
