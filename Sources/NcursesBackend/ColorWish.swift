/// When the operator wants colours.
public enum ColorWish: String, Hashable, Sendable, CaseIterable {
    case never
    /// Where the terminal has them and `NO_COLOR` is not set.
    case auto
    /// Where the terminal has them, whatever `NO_COLOR` says.
    case always
}
