import Foundation
import Logging
import Neffos
import NeffosObservatory
import NeffosTerminalConsole

/// What a running `neffos serve` does beside serving: it takes changes of its configuration over, and tells its service manager how it is.
struct ServeUpkeep: Sendable {
    let reload: SettingsReload
    let notices: ServiceNotices
    private let logs: CommandLogs
    private let logger: Logger
    private let url: String
    private let watchdog: Task<Void, Never>?

    /// Begins once the server listens, with what it needs.
    init(_ reload: SettingsReload, notices: ServiceNotices, server: Server, logs: CommandLogs, logger: Logger) async {
        self.reload = reload
        self.notices = notices
        self.logs = logs
        self.logger = logger
        url = server.url
        await reload.start()
        notices.ready("listening on \(url)")
        watchdog = notices.watch { await server.takesTurns() }
    }

    /// `SIGHUP`, where there is no console: the log's file is opened anew, and everything is read again.
    func hangup() async {
        notices.reloading()
        if let file = logs.file, let reason = file.reopen() {
            logger.error(
                "the log's file cannot be opened anew, the old one is used", metadata: ["file": "\(file.path)", "reason": "\(reason)"])
        }
        await reload.reload(because: "SIGHUP")
        notices.ready("listening on \(url)")
    }

    func stopping(_ reason: String, grace: DurationText) async {
        await reload.stop()
        notices.stopping(reason, patience: grace.duration)
    }

    func end() { watchdog?.cancel() }
}

extension ServeCommand {
    /// `--check-config`: what would be used, and where it is from.
    func printConfiguration(_ loaded: LoadedSettings) {
        Output.line("\(config ?? "configuration"): good")
        for line in loaded.report { Output.line(line) }
    }
}

extension ServeRun {
    func makeUpkeep(
        _ server: Server, gate: AuthorizationGate, sink: ObservatorySink, logs: CommandLogs, logger: Logger
    ) async -> ServeUpkeep {
        let (warn, allow) = (options.warn, options.allow)
        let targets = SettingsReload.Targets(server: server, gate: gate, logs: logs) { settings in
            var lints = settings.lints
            lints.override(warn: warn, allow: allow)
            let wanted = lints
            sink.update { $0.lintSettings = wanted }
        }
        let reload = SettingsReload(loaded, environment: environment, commandLine: options.overrides, targets: targets, logger: logger)
        let notices = ServiceNotices(SystemdEnvironment(environment, process: getpid()))
        return await ServeUpkeep(reload, notices: notices, server: server, logs: logs, logger: logger)
    }
}
