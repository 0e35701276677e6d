/// What is different between two configurations, by key.
struct SettingsChange: Equatable {
    /// Keys that a running server takes over.
    var applied: [String] = []
    /// Keys that have to wait for the next start.
    var waiting: [String] = []

    var isEmpty: Bool { applied.isEmpty && waiting.isEmpty }

    init(from old: LoadedSettings, to new: LoadedSettings) {
        for key in SettingsSchema.keys where old.sources.text(of: key) != new.sources.text(of: key) || Self.hasOtherSecret(key, old, new) {
            if key.isReloadable, !Self.turnsTLSOnOrOff(key, old, new) { applied.append(key.name) } else { waiting.append(key.name) }
        }
    }

    /// The same file or variable, with something else in it.
    private static func hasOtherSecret(_ key: SettingsKey, _ old: LoadedSettings, _ new: LoadedSettings) -> Bool {
        switch key.name {
        case "security.authorization.bearer": old.settings.bearer != new.settings.bearer
        case "security.authorization.jwt.key": old.settings.jwt?.key != new.settings.jwt?.key
        case "admin.token": old.settings.admin.token != new.settings.admin.token
        default: false
        }
    }

    /// The files of a certificate may change, but not whether there is one: clients know the server as ws:// or wss://.
    private static func turnsTLSOnOrOff(_ key: SettingsKey, _ old: LoadedSettings, _ new: LoadedSettings) -> Bool {
        key.name.hasPrefix("server.tls.") && (old.settings.tls == nil) != (new.settings.tls == nil)
    }
}
