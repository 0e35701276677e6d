/// A colour as a screen asks for it; the backend gives the nearest that the terminal has.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// One of the terminal's sixteen named colours, 0 to 15; higher numbers count modulo 16.
    case ansi(UInt8)
    /// One of the 256 of xterm's palette.
    case indexed(UInt8)
    /// Red, green and blue, 0 to 255.
    case rgb(UInt8, UInt8, UInt8)

    public static let black = Color.ansi(0)
    public static let red = Color.ansi(1)
    public static let green = Color.ansi(2)
    public static let yellow = Color.ansi(3)
    public static let blue = Color.ansi(4)
    public static let magenta = Color.ansi(5)
    public static let cyan = Color.ansi(6)
    public static let white = Color.ansi(7)
}
