import NIOSSL
import NeffosFeed

/// From when until when a certificate is valid.
struct CertificateTerm: Equatable, Sendable {
    var start: FeedTime
    var end: FeedTime

    init(start: FeedTime, end: FeedTime) {
        self.start = start
        self.end = end
    }

    init(_ certificate: NIOSSLCertificate) {
        start = Self.time(ofSecond: certificate.notValidBefore)
        end = Self.time(ofSecond: certificate.notValidAfter)
    }

    /// A certificate may say anything: what does not fit stands at the end of what does.
    private static func time(ofSecond second: Int) -> FeedTime {
        let (milliseconds, overflows) = Int64(second).multipliedReportingOverflow(by: 1000)
        return FeedTime(milliseconds: overflows ? (second < 0 ? .min : .max) : milliseconds)
    }

    /// `expired at 2026-01-31 12:00 UTC`, as the rest of a sentence about the certificate; nil where it is valid.
    func fault(at time: FeedTime) -> String? {
        if time < start { return "is not valid before \(Self.minute(start))" }
        return time > end ? "expired at \(Self.minute(end))" : nil
    }

    private static func minute(_ time: FeedTime) -> String {
        let text = time.iso8601
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
