import NeffosFeed
import NeffosObservatory

extension Incident {
    /// Since when somebody answers who knocks; nil while a drill keeps the listener closed.
    var answersSince: FeedTime? {
        guard cause == .drill, isOpen || away != nil else { return openedAt }
        return away.map { openedAt + $0 }
    }
}
