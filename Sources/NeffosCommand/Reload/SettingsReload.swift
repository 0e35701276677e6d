import Logging
import Neffos
import NeffosFeed
import Synchronization

/// Reads the configuration of a running server again, and takes over what can be, without dropping anybody. A configuration with a mistake changes
/// nothing.
actor SettingsReload {
    /// What a changed configuration is given to.
    struct Targets: Sendable {
        var server: Server
        var gate: AuthorizationGate
        var logs: CommandLogs
        /// What else wants to know, such as whatever raises lints.
        var others: @Sendable (Settings) -> Void = { _ in }
    }

    private let started: LoadedSettings
    private var loaded: LoadedSettings
    private let environment: [String: String]
    private let commandLine: [String: String]
    private let targets: Targets
    private let logger: Logger
    private var settled: SettledFiles
    private var watch: Task<Void, Never>?
    /// Mistakes that were told, so that files that stay wrong are not told of again and again.
    private var mistakes: [String] = []
    /// Changes that need a restart and were told.
    private var waiting: [String] = []
    private var isReading = false
    /// Why it is to be read once more, asked for while it was being read.
    private var next: String?

    init(_ loaded: LoadedSettings, environment: [String: String], commandLine: [String: String], targets: Targets, logger: Logger) {
        started = loaded
        self.loaded = loaded
        self.environment = environment
        self.commandLine = commandLine
        self.targets = targets
        self.logger = logger
        settled = SettledFiles(loaded.files.map { FileStatus($0) })
    }

    /// Looks at the files once a second.
    func start() {
        guard watch == nil, !loaded.files.isEmpty else { return }
        watch = Task { [weak self] in
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
                await self?.look()
            }
        }
    }

    func stop() {
        watch?.cancel()
        watch = nil
    }

    /// Takes the files over where they have changed and come to rest. While there are mistakes, it tries again: a file that was missing may be
    /// one that nobody knew to look at.
    func look() async {
        let hasChanged = settled.look(loaded.files.map { FileStatus($0) })
        guard hasChanged || !mistakes.isEmpty && settled.areAtRest else { return }
        await reload(because: "a file has changed")
    }

    /// Reads everything again, whatever the files look like.
    func reload(because reason: String) async {
        next = reason
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while let reason = next {
            next = nil
            await read(because: reason)
        }
    }

    private func read(because reason: String) async {
        // Before they are read: what changes meanwhile is seen at the next look.
        settled.take(loaded.files.map { FileStatus($0) })
        let new: LoadedSettings
        do {
            new = try LoadedSettings.load(file: loaded.sources.fileName, environment: environment, commandLine: commandLine)
        } catch {
            return tell(mistakes: error.lines)
        }
        let settings = new.settings
        do {
            let configuration = ServerConfiguration(settings, grace: DurationText(milliseconds: 0), isDemo: false)
            try await targets.server.reconfigure(limits: configuration.limits, origins: settings.origins, tls: configuration.tls)
        } catch {
            return tell(mistakes: ["server.tls: the certificate cannot be used: \(error)"])
        }
        targets.gate.replace(with: await Gatekeeper(settings))
        targets.logs.level = Logger.Level(rawValue: settings.log.level) ?? .info
        targets.others(settings)
        mistakes = []
        if new.files != loaded.files { settled = SettledFiles(new.files.map { FileStatus($0) }) }
        tell(changed: SettingsChange(from: loaded, to: new).applied, because: reason)
        tell(waiting: SettingsChange(from: started, to: new).waiting)
        loaded = new
    }

    private func tell(changed: [String], because reason: String) {
        guard !changed.isEmpty else {
            return logger.info("the configuration was read again, nothing has changed", metadata: ["because": "\(reason)"])
        }
        logger.notice(
            "the configuration was read again", metadata: ["because": "\(reason)", "changed": "\(changed.joined(separator: ", "))"])
    }

    private func tell(waiting keys: [String]) {
        guard keys != waiting else { return }
        waiting = keys
        guard !keys.isEmpty else { return }
        logger.warning("the configuration has changes that need a restart", metadata: ["keys": "\(keys.joined(separator: ", "))"])
    }

    private func tell(mistakes lines: [String]) {
        guard lines != mistakes else { return }
        mistakes = lines
        let more = lines.count > 1 ? " (and \(lines.count - 1) more; neffos serve --check-config tells all)" : ""
        logger.error("the configuration was not taken over, the old one stays: \(lines.first ?? "")\(more)")
    }
}
