/// The format that a scraper of metrics wants.
enum MetricsFormat: Sendable, Hashable, CaseIterable {
    case prometheus, openMetrics

    var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// - Parameter accept: the `Accept` headers (RFC 9110 section 12.5.1). Who names OpenMetrics, and prefers nothing to it, gets that.
    init(accept: [String]) {
        var openMetrics = 0.0
        var prometheus = 0.0
        for range in accept.joined(separator: ",").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingBlanks.lowercased() }
            guard let type = parts.first else { continue }
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                guard let equals = part.firstIndex(of: "=") else { continue }
                let value = part[part.index(after: equals)...].trimmingBlanks
                parameters[String(part[..<equals].trimmingBlanks)] = value.filter { $0 != "\"" }
            }
            let quality = parameters["q"].map { Double($0) ?? 0 } ?? 1
            switch type {
            case "application/openmetrics-text":
                // Of a version that we do not write we know nothing.
                if parameters["version"].map({ $0.hasPrefix("1.") || $0 == "0.0.1" }) ?? true { openMetrics = max(openMetrics, quality) }
            case "text/plain", "text/*", "*/*": prometheus = max(prometheus, quality)
            default: break
            }
        }
        self = openMetrics > 0 && openMetrics >= prometheus ? .openMetrics : .prometheus
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self).drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
