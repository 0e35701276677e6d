import CNcurses
import Terminal

/// What curses read, as keys and as what was done with the mouse.
enum KeyDecoder {
    /// What has been typed next: nil where there is nothing, `.some(nil)` for what has no meaning.
    static func next() -> TerminalEvent?? {
        var value: UInt32 = 0
        let code = neffos_screen_key(&value)
        switch code {
        case NEFFOS_KEY_NONE: return nil
        case NEFFOS_KEY_MOUSE_PRESS: return .some(mouse(.press))
        case NEFFOS_KEY_MOUSE_WHEEL_UP: return .some(mouse(.wheelUp))
        case NEFFOS_KEY_MOUSE_WHEEL_DOWN: return .some(mouse(.wheelDown))
        default: return .some(key(code, value).map { .key($0) })
        }
    }

    private static func mouse(_ kind: MouseEvent.Kind) -> TerminalEvent {
        var row: Int32 = 0
        var column: Int32 = 0
        neffos_screen_mouse_place(&row, &column)
        return .mouse(MouseEvent(kind, at: Position(row: Int(row), column: Int(column))))
    }

    private static func key(_ code: neffos_key, _ value: UInt32) -> Key? {
        switch code {
        case NEFFOS_KEY_CHARACTER: return key(of: value)
        case NEFFOS_KEY_FUNCTION: return .function(Int(value))
        case NEFFOS_KEY_UP: return .up
        case NEFFOS_KEY_DOWN: return .down
        case NEFFOS_KEY_LEFT: return .left
        case NEFFOS_KEY_RIGHT: return .right
        case NEFFOS_KEY_PAGE_UP: return .pageUp
        case NEFFOS_KEY_PAGE_DOWN: return .pageDown
        case NEFFOS_KEY_HOME: return .home
        case NEFFOS_KEY_END: return .end
        case NEFFOS_KEY_ENTER: return .enter
        case NEFFOS_KEY_BACK_TAB: return .backTab
        case NEFFOS_KEY_BACKSPACE: return .backspace
        case NEFFOS_KEY_DELETE: return .delete
        case NEFFOS_KEY_INSERT: return .insert
        default: return nil
        }
    }

    /// The key of a scalar, controls among them.
    static func key(of value: UInt32) -> Key? {
        switch value {
        case 0: .control(" ")
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x08, 0x7F: .backspace
        case 0x1B: .escape
        case 0x01...0x1A: Unicode.Scalar(value + 0x60).map { .control(Character($0)) }
        case 0x1C...0x1F: Unicode.Scalar(value + 0x40).map { .control(Character($0)) }
        case 0x80..<0xA0: nil
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }
}
