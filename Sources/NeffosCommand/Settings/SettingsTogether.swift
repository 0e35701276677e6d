import Foundation
import NeffosObservatory

/// What no key can be judged by alone.
struct SettingsTogether {
    var settings: Settings
    var sources: SettingsSources

    /// A line for each mistake.
    var mistakes: [String] { [heartbeat, adminToken, jwtAlgorithm].compactMap(\.self) + namespaces + files }

    private func line(_ error: ValueError, at names: [String]) -> String {
        for name in names {
            let place = sources.place(of: name)
            if place != SettingsSource.standard.place { return "\(place): \(error.problem); \(error.advice)" }
        }
        return "\(SettingsSource.standard.place): \(error.problem); \(error.advice)"
    }

    private var heartbeat: String? {
        guard settings.heartbeatTimeout.milliseconds <= settings.heartbeatEvery.milliseconds else { return nil }
        let (timeout, every) = (settings.heartbeatTimeout.text, settings.heartbeatEvery.text)
        let problem = "heartbeat.timeout (\(timeout)) is not longer than heartbeat.every (\(every))"
        return line(ValueError(problem, advice: "make it at least twice as long"), at: ["heartbeat.timeout", "heartbeat.every"])
    }

    private var namespaces: [String] {
        [("onConnect.connect", settings.connect), ("onConnect.join", settings.join.keys.sorted())].flatMap { key, names in
            names.filter { settings.relay[$0] == nil }.map { namespace in
                let problem = "\(key) has the namespace \"\(namespace)\", which is not in namespaces"
                return line(
                    ValueError(problem, advice: NearestName.advice(for: namespace, among: settings.relay.keys.sorted())), at: [key])
            }
        }
    }

    private var adminToken: String? {
        guard case .tcp(let address) = settings.admin.listen else { return nil }
        if isUnset("admin.token") {
            return line(
                ValueError("admin.listen is \(address), which needs admin.token", advice: "set it, like file:/etc/neffos/admin-token"),
                at: ["admin.listen"])
        }
        guard !address.isLoopback, settings.admin.tls == nil, isUnset("admin.tls.certificate"), isUnset("admin.tls.key") else { return nil }
        return line(
            ValueError(
                "admin.listen is \(address), which others may listen in on",
                advice: "set admin.tls.certificate and admin.tls.key, or listen on 127.0.0.1"), at: ["admin.listen"])
    }

    private var jwtAlgorithm: String? {
        let (key, algorithm) = ("security.authorization.jwt.key", "security.authorization.jwt.algorithm")
        switch (isUnset(key), isUnset(algorithm)) {
        case (false, true):
            // Not guessed from the key: whoever could choose would sign with the public key as if it were a secret.
            return line(ValueError("\(key) without \(algorithm)", advice: "write HS256, RS256 or ES256"), at: [key])
        case (true, false): return line(ValueError("\(algorithm) without \(key)", advice: "name the file with the key"), at: [algorithm])
        default: return nil
        }
    }

    private var files: [String] {
        var lines: [String] = []
        for section in ["server.tls", "admin.tls"] {
            let (certificate, key) = ("\(section).certificate", "\(section).key")
            switch (value(certificate), value(key)) {
            case (nil, nil): break
            case (nil, _): lines.append(line(ValueError("\(key) without \(certificate)", advice: "set both, or none"), at: [key]))
            case (_, nil): lines.append(line(ValueError("\(certificate) without \(key)", advice: "set both, or none"), at: [certificate]))
            case (let certificateFile?, let keyFile?):
                var areReadable = true
                for (name, file) in [(certificate, certificateFile), (key, keyFile)]
                where !FileManager.default.isReadableFile(atPath: file) {
                    areReadable = false
                    let problem = "\(name): the file \(file) is missing or not readable"
                    lines.append(line(ValueError(problem, advice: "check its path and permissions"), at: [name]))
                }
                guard areReadable else { break }
                do { try CertificateCheck.check(certificate: certificateFile, key: keyFile) } catch {
                    let name = error.isOfKey ? key : certificate
                    lines.append(line(ValueError("\(name): \(error.error.problem)", advice: error.error.advice), at: [name]))
                }
            }
        }
        return lines
    }

    private func value(_ name: String) -> String? {
        guard let key = SettingsSchema.key(name), let text = sources.text(of: key), !text.isEmpty else { return nil }
        return text
    }

    private func isUnset(_ name: String) -> Bool { value(name) == nil }
}
