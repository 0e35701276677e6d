/// Decides when a silent peer is pinged and when it is given up. Times are nanoseconds of one steady clock.
package struct Heartbeat {
    package enum Decision: Sendable, Hashable {
        case nothing
        /// Send a ping.
        case ping
        /// Cut the connection without a close frame; it counts as 1006 (protocol section 6).
        case cut
    }

    /// Any frame is a sign of life. A peer is never cut without having been pinged, so that a loop that was late itself cuts nobody.
    ///
    /// - Parameters:
    ///   - lastReceived: when the last bytes came, or the connection began.
    ///   - pinged: whether a ping has gone out since then.
    ///   - every: the silence after which to ping; 0: never.
    ///   - timeout: the silence after which to cut; where it is not more than `every`, it begins with the ping. 0: never.
    package static func decide(now: UInt64, lastReceived: UInt64, pinged: Bool, every: UInt64, timeout: UInt64) -> Decision {
        guard every > 0, now > lastReceived else { return .nothing }
        let silence = now - lastReceived
        guard pinged else { return silence >= every ? .ping : .nothing }
        let (sum, overflowed) = every.addingReportingOverflow(timeout)
        let longest = timeout > every ? timeout : overflowed ? .max : sum
        return timeout > 0 && silence >= longest ? .cut : .nothing
    }
}
