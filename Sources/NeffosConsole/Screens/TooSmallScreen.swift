import Terminal

/// What stands on a terminal that has no room for a screen. It goes on by itself once there is room.
enum TooSmallScreen {
    static func draw(_ input: ScreenInput, live: any ObservatoryReading, into frame: inout Frame) {
        let theme = input.theme
        let size = frame.size
        let there = "\(size.columns)\(theme.signs.times)\(size.rows)"
        let needed = "\(ConsoleModel.least.columns)\(theme.signs.times)\(ConsoleModel.least.rows)"
        let isNarrow = size.columns < 36
        var lines: [(String, Theme.Role)] = [
            (isNarrow ? there : "This terminal is too small: \(there)", .warn),
            (isNarrow ? "need \(needed)" : "The console needs \(needed)", .strong),
            ("conns \(ConsoleFormat.count(live.connectionCount))", .plain),
            ("q quits", .dim),
        ]
        if input.model.isConfirmingQuit {
            lines = [
                ("Stop the server?", .warn), ("\(ConsoleFormat.plural(live.connectionCount, "client")) here", .strong),
                ("y yes  n no", .key),
            ]
        }
        let top = max(0, (size.rows - lines.count) / 2)
        for (index, line) in lines.enumerated() where top + index < size.rows {
            frame.put(
                line.0, at: Position(row: top + index, column: 0), columns: size.columns, style: theme[line.1], align: .center)
        }
    }
}
