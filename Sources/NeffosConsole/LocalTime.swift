import NeffosFeed

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

enum LocalTime {
    /// Seconds that the clock of this machine's time zone is ahead of UTC at a time.
    static func offset(at time: FeedTime) -> Int {
        var seconds = time_t(time.milliseconds / 1000)
        var parts = tm()
        return localtime_r(&seconds, &parts) == nil ? 0 : Int(parts.tm_gmtoff)
    }
}
