import Terminal

/// The Events screen.
enum EventsScreen {
    static func draw(_ input: ScreenInput, into frame: inout Frame) {}
}
