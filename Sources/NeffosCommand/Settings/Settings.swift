import Configuration
import Foundation
import NeffosObservatory

/// The whole configuration of `neffos serve`, checked: command line over environment over file over defaults.
struct Settings: Equatable {
    struct TLS: Equatable {
        var certificate: String
        var key: String
    }

    enum IdentityUse: String { case key, id }

    struct Limits: Equatable {
        var messageBytes: ByteCount
        var connections: Int
        var connectionsPerAddress: Int
        var namespacesPerConnection: Int
        var roomsPerConnection: Int
        var outboxBytes: ByteCount
        var ackWithin: DurationText
        var handshakeWithin: DurationText
        var admitPerSecond: Int
        var probeHold: DurationText
    }

    struct Incidents: Equatable {
        var closesPerSecond: Int
        var percent: Double
        var least: Int
        var settle: DurationText
    }

    var listen: ListenAddress
    var path: String
    var node: String
    var tls: TLS?
    var identityHeader: String?
    var identityUse: IdentityUse
    var connect: [String]
    var join: [String: [String]]
    var refuse: String?
    /// Actions by event by namespace.
    var relay: [String: [String: String]]
    var limits: Limits
    var heartbeatEvery: DurationText
    var heartbeatTimeout: DurationText
    var incidents: Incidents
    var origins: [String]
    var parameterHeaders: [String]
    var trustedProxies: [String]
    var logLevel: String

    /// Reads the configuration.
    ///
    /// - Parameters:
    ///   - file: The configuration file's path, nil for none.
    ///   - environment: All variables; those that start with `NEFFOS_` count.
    ///   - commandLine: Values by key, as they were written.
    /// - Throws: ``SettingsFailure``, whose lines say what is wrong, where, and what to do.
    static func load(file: String?, environment: [String: String], commandLine: [String: String] = [:]) throws(SettingsFailure) -> Settings
    {
        var contents = SettingsFile()
        if let file { contents = try SettingsFile(text: read(file), name: file) }
        let variables = try SettingsEnvironment.check(environment)
        for (name, value) in commandLine.sorted(by: { $0.key < $1.key }) {
            do { try SettingsSchema.key(name)?.check(value) } catch {
                throw SettingsFailure(lines: ["\(name): \(error.problem); \(error.advice)"])
            }
        }
        let reader = SettingsReader(commandLine: commandLine, environment: variables, file: contents)
        do {
            var settings = try reader.settings()
            if let join = contents.join { settings.join = join }
            if let relay = contents.relay { settings.relay = relay }
            if let (key, error) = settings.mistakeTogether {
                let place = contents.marks[key].flatMap { mark in file.map { "\($0):\(mark)" } } ?? "configuration"
                throw SettingsFailure(lines: ["\(place): \(error.problem); \(error.advice)"])
            }
            return settings
        } catch let error as ValueError {
            throw SettingsFailure(lines: ["configuration: \(error.problem); \(error.advice)"])
        } catch let error as SettingsFailure {
            throw error
        } catch {
            throw SettingsFailure(lines: ["configuration: \(error)"])
        }
    }

    private static func read(_ file: String) throws(SettingsFailure) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw SettingsFailure(lines: ["\(file): cannot read the configuration file: \(SystemProblem.text(of: error)); check --config"])
        }
        guard data.count <= SettingsFile.mostBytes else {
            throw SettingsFailure(lines: ["\(file): the file has more than 1 MiB; check --config"])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SettingsFailure(lines: ["\(file): the file is no UTF-8 text; check --config"])
        }
        return text
    }

    /// What no key can be judged by alone: the first mistake, and the key that stands for it.
    private var mistakeTogether: (key: String, error: ValueError)? {
        guard heartbeatTimeout.milliseconds > heartbeatEvery.milliseconds else {
            let times = "heartbeat.timeout (\(heartbeatTimeout.text)) is not longer than heartbeat.every (\(heartbeatEvery.text))"
            return ("heartbeat.timeout", ValueError(times, advice: "make it at least twice as long"))
        }
        for (key, names) in [("onConnect.connect", connect), ("onConnect.join", join.keys.sorted())] {
            for namespace in names where relay[namespace] == nil {
                let problem = "\(key) has the namespace \"\(namespace)\", which is not in namespaces"
                return (key, ValueError(problem, advice: NearestName.advice(for: namespace, among: relay.keys.sorted())))
            }
        }
        if let tls {
            for (key, file) in [("server.tls.certificate", tls.certificate), ("server.tls.key", tls.key)]
            where !FileManager.default.isReadableFile(atPath: file) {
                let problem = "\(key): the file \(file) is missing or not readable"
                return (key, ValueError(problem, advice: "check its path and permissions"))
            }
        }
        return nil
    }
}
