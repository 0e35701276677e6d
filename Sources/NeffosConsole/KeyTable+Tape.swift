import Terminal

/// The keys that steer a tape. They are there only where the picture comes from one.
extension KeyTable {
    static let tapePause = KeyBinding(
        [.character(" "): .replay(.pauseOrGoOn), .character("p"): .replay(.pauseOrGoOn)], short: "Space", label: "Space, p", hint: "pause",
        help: "Stop the tape, let it go on")
    /// Where `p` means something else.
    static let tapeHold = KeyBinding(
        [.character(" "): .replay(.pauseOrGoOn)], short: "Space", hint: "pause", help: "Stop the tape, let it go on")

    static let tape: [KeyBinding] = [
        KeyBinding(
            [.character("+"): .replay(.faster), .character("="): .replay(.faster), .character("-"): .replay(.slower)], short: "+ -",
            hint: "speed", help: "Faster, slower"),
        KeyBinding(
            [.character("."): .replay(.stepEntry), .character(";"): .replay(.stepSecond)], short: ". ;", hint: "step",
            help: "On by one event, by one second"),
        KeyBinding(
            [.character("n"): .replay(.nextIncident), .character("N"): .replay(.previousIncident)], short: "n N", hint: "incident",
            help: "To the next incident, the one before"),
        KeyBinding(
            [
                .character("]"): .replay(.seek(by: 10)), .character("["): .replay(.seek(by: -10)),
                .character("}"): .replay(.seek(by: 60)), .character("{"): .replay(.seek(by: -60)), .character(","): .replay(.seek(by: -1)),
            ], short: "[ ]", label: "[ ], { }, ,", hint: "seek", help: "Back and on by 10 s, by 60 s; back by one second"),
        KeyBinding(
            [.character("^"): .replay(.toStart), .character("$"): .replay(.toEnd)], short: "^ $", help: "To the tape's start, to its end"),
    ]
}
