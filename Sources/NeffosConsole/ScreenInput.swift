import NeffosFeed
import NeffosObservatory
import Terminal

/// All that a screen may look at.
struct ScreenInput {
    let observatory: any ObservatoryReading
    let model: ConsoleModel
    let theme: Theme
    let vitals: Vitals
    /// Newest first. Taken once a picture: the model makes them anew each time it is asked.
    let incidents: [Incident]

    init(_ observatory: any ObservatoryReading, _ model: ConsoleModel, theme: Theme) {
        self.observatory = observatory
        self.model = model
        self.theme = theme
        vitals = observatory.vitals
        incidents = observatory.incidents
    }

    var now: FeedTime { model.shownClock }
    var isASCII: Bool { theme.glyphs.isASCII }

    func age(since time: FeedTime) -> Milliseconds { max(0, now - time) }
    func clock(_ time: FeedTime) -> String { ConsoleFormat.clock(time, offset: model.utcOffset) }
}
