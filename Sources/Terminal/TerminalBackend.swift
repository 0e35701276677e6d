/// A screen and a keyboard.
///
/// All but `wake()`, `waker` and `close()` are called from one thread at a time, the one that waits.
public protocol TerminalBackend: AnyObject, Sendable {
    /// The grid as it is now, in cells.
    var size: Size { get }
    var colorDepth: ColorDepth { get }
    /// Whether characters beyond ASCII reach the screen; if not, use `Glyphs.ascii` and an ASCII `Frame`.
    var isUTF8: Bool { get }

    /// Writes only these cells, with one refresh. A cursor is shown where one is given, else hidden.
    func draw(_ changes: [FrameDiff.Run], cursor: Position?)

    /// Makes the next `draw` repaint the screen from nothing; that one must bring every cell (`FrameDiff.changes(from: nil, to:)`).
    func clear()

    /// Asks the terminal to put a text into its clipboard (OSC 52), at most ``longestCopy`` bytes of it. Terminals may refuse, and do not say so.
    func copy(_ text: String)

    /// Blocks the calling thread until something happens or the time is over (then empty); nil waits for ever.
    func wait(timeout: Duration?) -> [TerminalEvent]

    /// Ends a `wait` with `.woken`, from any thread. Several wakes before one wait count as one.
    func wake()

    /// Restores the terminal, stops the process, and sets the terminal up again once it runs in the foreground; the next `wait`
    /// begins with `.resumed`.
    func suspend()

    /// Restores the terminal; idempotent, from any thread. A `wait` that is under way ends; later ones give `.hangup` at once.
    func close()
}

extension TerminalBackend {
    /// A clipboard that there is not.
    public func copy(_ text: String) {}

    /// The most bytes that are copied: what a peer named is no longer without harm, and terminals drop what is much longer.
    public static var longestCopy: Int { 4096 }

    /// `wake()` as a value, for those that shall not know the backend.
    public var waker: @Sendable () -> Void {
        { [weak self] in self?.wake() }
    }
}
