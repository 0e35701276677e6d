import CNcurses
import Glibc
import Terminal

/// The state behind `NcursesBackend`, used under its lock: curses is for one thread at a time.
struct NcursesScreen {
    private enum Phase {
        /// On the screen.
        case shown
        /// Running in the background: the terminal is someone else's.
        case away
        /// The terminal is gone.
        case gone
        case closed
    }

    /// More keys than this in one wait stay for the next one, so that a flood of them does not keep the screen from being drawn.
    private static let mostKeys = 256

    private(set) var size: Size
    private let depth: ColorDepth
    private let isUTF8: Bool
    private let hasDefaultColors: Bool
    private var phase = Phase.shown
    private var pairs: ColorPairs
    /// The number of the pair of each cell on the screen, by rows.
    private var shownPairs: [UInt8]
    private var events: [TerminalEvent] = []

    init(size: Size, depth: ColorDepth, isUTF8: Bool, pairs: Int, hasDefaultColors: Bool) {
        self.size = size
        self.depth = depth
        self.isUTF8 = isUTF8
        self.hasDefaultColors = hasDefaultColors
        self.pairs = ColorPairs(capacity: pairs)
        shownPairs = Array(repeating: 0, count: size.columns * size.rows)
    }

    // MARK: Drawing

    mutating func draw(_ changes: [FrameDiff.Run], cursor: Position?) {
        guard phase == .shown else { return }
        for run in changes where run.row >= 0 && run.row < size.rows {
            var style = Style.plain
            var pair = 0
            for (offset, cell) in run.cells.enumerated() {
                let column = run.column + offset
                guard column >= 0, column < size.columns else { continue }
                if offset == 0 || cell.style != style {
                    style = cell.style
                    pair = number(of: style)
                }
                shownPairs[run.row * size.columns + column] = UInt8(truncatingIfNeeded: pair)
                if cell.width > 0, column + cell.width <= size.columns { put(cell, row: run.row, column: column, pair: pair) }
            }
        }
        if let cursor, cursor.row >= 0, cursor.row < size.rows, cursor.column >= 0, cursor.column < size.columns {
            neffos_screen_refresh(Int32(cursor.row), Int32(cursor.column))
        } else {
            neffos_screen_refresh(-1, -1)
        }
    }

    mutating func clear() {
        if phase == .shown { neffos_screen_clear() }
    }

    /// What is written is of letters and digits only, whatever is copied.
    func copy(_ bytes: [UInt8]) {
        guard phase == .shown else { return }
        let sequence = Array("\u{1B}]52;c;\(Base64.encoded(bytes))\u{07}".utf8)
        sequence.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            neffos_screen_write(start, buffer.count)
        }
    }

    private func put(_ cell: Cell, row: Int, column: Int, pair: Int) {
        withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: 6) { buffer in
            var count = 0
            for scalar in cell.text.unicodeScalars where count < 5 {
                buffer[count] = wchar_t(bitPattern: scalar.value)
                count += 1
            }
            if !isUTF8, count > 1 || buffer[0] >= 0x80 {
                // A count of none is drawn as question marks.
                count = 0
            }
            guard let text = buffer.baseAddress else { return }
            neffos_screen_put(
                Int32(row), Int32(column), text, Int32(count), Int32(cell.width), UInt32(attributes(of: cell.style)), Int32(pair))
        }
    }

    /// The bits of `Attributes` are those of the C side; a bright foreground becomes bold where there are but eight colours.
    private func attributes(of style: Style) -> UInt8 {
        var attributes = style.attributes
        if depth == .eight, isBright(style.foreground) { attributes.insert(.bold) }
        return attributes.rawValue
    }

    private func isBright(_ color: Color) -> Bool {
        switch color {
        case .ansi(let number): number % 16 >= 8
        case .indexed(let number): number >= 8 && number < 16
        case .standard, .rgb: false
        }
    }

    private mutating func number(of style: Style) -> Int {
        guard depth != .mono, style.foreground != .standard || style.background != .standard else { return 0 }
        var foreground = Palette.number(of: style.foreground, depth: depth)
        var background = Palette.number(of: style.background, depth: depth)
        if !hasDefaultColors {
            // Curses' own idea of such a terminal: white on black.
            if foreground < 0 { foreground = 7 }
            if background < 0 { background = 0 }
        }
        let shown = shownPairs
        switch pairs.number(of: .init(foreground: foreground, background: background), shown: { Set(shown.lazy.map(Int.init)) }) {
        case .known(let number): return number
        case .fresh(let number): return neffos_screen_set_pair(Int32(number), Int32(foreground), Int32(background)) ? number : 0
        case .none: return 0
        }
    }

    // MARK: Waiting

    mutating func wait(timeout: Duration?, isClosing: () -> Bool) -> [TerminalEvent] {
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            if phase == .closed || isClosing() { return [.hangup] }
            let milliseconds = events.isEmpty ? Self.milliseconds(until: deadline) : 0
            let ready = neffos_screen_poll(phase == .shown, milliseconds)
            takeSignals()
            if ready & UInt32(NEFFOS_READY_GONE) != 0 {
                hangUp()
            } else if ready & UInt32(NEFFOS_READY_INPUT) != 0, phase == .shown {
                takeKeys()
            }
            if !events.isEmpty || milliseconds == 0 {
                defer { events = [] }
                return events
            }
        }
    }

    private mutating func takeKeys() {
        for _ in 0..<Self.mostKeys {
            guard let read = KeyDecoder.next() else { return }
            if let event = read { events.append(event) }
        }
    }

    private mutating func takeSignals(hasComeBack: Bool = false) {
        let signals = neffos_guard_take()
        func came(_ signal: Int) -> Bool { signals & UInt32(signal) != 0 }
        if came(NEFFOS_SIGNAL_CONTINUED), !hasComeBack { comeBack() }
        if came(NEFFOS_SIGNAL_RESIZED) { measure() }
        if came(NEFFOS_SIGNAL_STOP) { events.append(.suspend) }
        if came(NEFFOS_SIGNAL_INTERRUPT) { events.append(.terminate(signal: SIGINT)) }
        if came(NEFFOS_SIGNAL_TERMINATE) { events.append(.terminate(signal: SIGTERM)) }
        if came(NEFFOS_SIGNAL_HANGUP) { hangUp() }
        if came(NEFFOS_SIGNAL_WOKEN) { events.append(.woken) }
    }

    private mutating func hangUp() {
        guard phase == .shown || phase == .away else { return }
        phase = .gone
        events.append(.hangup)
    }

    private mutating func measure() {
        guard phase == .shown else { return }
        var rows: Int32 = 0
        var columns: Int32 = 0
        guard neffos_screen_measure(&rows, &columns) else { return }
        let now = Size(columns: Int(columns), rows: Int(rows))
        guard now != size else { return }
        neffos_screen_resize(rows, columns)
        size = now
        shownPairs = Array(repeating: 0, count: now.columns * now.rows)
        events.append(.resized(now))
    }

    // MARK: Leaving and coming back

    mutating func suspend() {
        guard phase == .shown else { return }
        neffos_screen_leave()
        phase = .away
        neffos_guard_stop()
        comeBack()
        takeSignals(hasComeBack: true)
    }

    /// The process runs again: in the foreground, where everything is set up, or in the background, where the terminal is left
    /// alone until the signal comes again.
    private mutating func comeBack() {
        guard phase == .shown || phase == .away else { return }
        guard neffos_screen_is_foreground() else {
            phase = .away
            return
        }
        phase = .shown
        neffos_screen_enter()
        measure()
        events.append(.resumed)
    }

    mutating func close() {
        guard phase != .closed else { return }
        phase = .closed
        neffos_screen_close()
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        guard left.seconds < 1_000_000 else { return 1_000_000_000 }
        // Rounded up: a wait that ends early would be asked for again at once.
        let fraction = (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(left.seconds * 1000 + fraction)
    }
}
