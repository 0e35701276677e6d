import Terminal

/// The Rooms screen.
enum RoomsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {}
}
