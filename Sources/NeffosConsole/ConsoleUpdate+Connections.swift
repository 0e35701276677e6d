import NeffosFeed
import NeffosObservatory
import Terminal

extension ConsoleModel {
    /// What the Connections screen does with a command; nil where it does nothing of its own with it.
    mutating func updateConnections(_ command: ConsoleCommand, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect]? {
        guard context == .connections || context == .connectionDetail else { return nil }
        let observatory = shown(live)
        switch command {
        case .open:
            connections.isDetailOpen = connections.selected != nil
            connections.detail = Pager()
        case .back: closeDetailOrFilter(live, now)
        case .filter: connections.editor = FilterEditor(text: connections.filter, history: connections.filters)
        case .sortNext: connections.sort(byStep: 1)
        case .sortPrevious: connections.sort(byStep: -1)
        case .sortReverse: connections.reverse()
        case .columns: dialog = .columns(ColumnChooser(shown: connections.columns))
        case .mark:
            guard let selected = connections.selected else { return [] }
            connections.marks.toggle(selected)
            connections.move(by: 1, now: now, visible: connectionsLayout.visibleRows)
        case .markAll: connections.marks.add(connections.allShown(in: observatory))
        case .clearMarks: connections.marks.clear()
        case .invertMarks: connections.marks.invert(connections.allShown(in: observatory))
        case .markRange:
            connections.markRange()
        case .copyID: return copy(connections.selected, "id", now: now)
        case .copyKey: return copy(connections.selected.flatMap { observatory.connection($0)?.key }, "key", now: now)
        case .search: connections.search.begin(at: connections.selectedIndex)
        case .nextMatch: findNext(1, observatory, now: now)
        case .previousMatch: findNext(-1, observatory, now: now)
        case .exact: connections.isExact.toggle()
        case .tap: if connections.tap == nil { startTap(observatory) } else { connections.tap = nil }
        case .hex: connections.tap?.isHex.toggle()
        case .scrollUp: connections.detail.move(by: -1)
        case .scrollDown: connections.detail.move(by: 1)
        default: return nil
        }
        reorder(live, now)
        return []
    }

    private mutating func copy(_ text: String?, _ name: String, now: Duration) -> [ConsoleEffect] {
        guard let text else {
            notice = Notice(text: "there is no \(name) to copy", until: now + Self.noticing)
            return []
        }
        let shown = SafeText.escaped(text, maximum: 60, ascii: isASCII)
        notice = Notice(text: "the \(name) went to the terminal's clipboard: \(shown)", until: now + Self.noticing, role: .good)
        return [.copy(text)]
    }

    /// What came of a table that was to be saved.
    mutating func take(_ outcome: ExportFile.Outcome, now: Duration) {
        switch outcome {
        case .written(let path, let rows):
            notice = Notice(
                text: "\(ConsoleFormat.plural(rows, "row")) saved to \(path)", until: now + Self.noticing, role: .good)
        case .failed(let problem): notice = Notice(text: "the table was not saved: \(problem)", until: now + Self.noticing)
        }
    }

    /// Shows the messages of the selected connection from now on.
    mutating func startTap(_ observatory: any ObservatoryReading) {
        guard let selected = connections.selected, connections.tap == nil else { return }
        connections.isDetailOpen = true
        connections.tap = MessageTap(selected, log: observatory.recentEvents)
    }

    mutating func moveConnections(_ command: ConsoleCommand, _ observatory: any ObservatoryReading, _ now: Duration) {
        let visible = connectionsLayout.visibleRows
        if context == .connectionDetail, command == .pageUp || command == .pageDown, let rect = connectionsLayout.detail {
            let layout = DetailLayout(rect, isTapped: connections.tap != nil)
            if connections.tap != nil {
                connections.tap?.scroll(by: Self.rows(command, page: layout.messages.rows), visible: layout.messages.rows)
            } else {
                connections.detail.move(by: Self.rows(command, page: layout.fields.rows))
            }
            return
        }
        let rows = Self.rows(command, page: visible)
        if command == .last { connections.includeAll() } else { connections.include(rows) }
        if rows > 0 {
            connections.refresh(from: observatory, now: now, visible: visible)
        }
        connections.move(by: rows, now: now, visible: visible)
    }

    private mutating func closeDetailOrFilter(_ live: any ObservatoryReading, _ now: Duration) {
        if connections.isDetailOpen {
            connections.isDetailOpen = false
            connections.tap = nil
        } else if !connections.filter.isEmpty {
            connections.setFilter("")
        }
    }

    // MARK: The filter while it is typed

    mutating func typeFilter(_ key: Key, live: any ObservatoryReading, now: Duration) {
        guard connections.editor?.type(key) == true else { return }
        applyFilter(live, now)
    }

    mutating func updateFilter(_ command: ConsoleCommand, live: any ObservatoryReading, now: Duration) -> [ConsoleEffect] {
        switch command {
        case .quit: return quit(live)
        case .accept:
            // What is no filter yet stays where it is, with what is wrong with it.
            guard let editor = connections.editor, editor.error == nil else { return [] }
            connections.filters = FilterEditor.remember(editor.text, in: connections.filters)
            connections.editor = nil
        case .back:
            connections.editor = nil
            connections.setFilter("")
            reorder(live, now)
        case .complete:
            let names = names(shown(live))
            connections.editor?.complete(names)
            applyFilter(live, now)
        case .older:
            connections.editor?.recall(by: -1)
            applyFilter(live, now)
        case .newer:
            connections.editor?.recall(by: 1)
            applyFilter(live, now)
        default: break
        }
        return []
    }

    private mutating func applyFilter(_ live: any ObservatoryReading, _ now: Duration) {
        guard let editor = connections.editor, editor.error == nil else { return }
        connections.setFilter(editor.text)
        reorder(live, now)
    }

    /// Names that a filter can be completed with: few enough to be gone through.
    private func names(_ observatory: any ObservatoryReading) -> QueryNames {
        QueryNames(
            namespaces: observatory.namespaces.prefix(100).map(\.name), rooms: observatory.busiestRooms(limit: 100).map(\.room),
            keys: connections.order.prefix(200).compactMap { observatory.connection($0)?.key })
    }

    /// A new sort or filter shows at once, and does not wait for the next second.
    private mutating func reorder(_ live: any ObservatoryReading, _ now: Duration) {
        connections.refresh(from: shown(live), now: now, visible: connectionsLayout.visibleRows)
    }
}
