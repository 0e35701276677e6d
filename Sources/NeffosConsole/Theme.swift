import Terminal

/// What the screens look like: styles by meaning, and the signs that stand beside them.
///
/// A colour never stands alone: where it matters, a sign or a word says the same, so that a mono terminal and a colour-blind eye lose
/// nothing.
struct Theme: Sendable {
    /// What a piece of the screen means.
    enum Role: Sendable, CaseIterable {
        case plain, dim, strong, title, heading, border, accent, good, warn, bad, key, selected, current
    }

    let depth: ColorDepth
    let glyphs: Glyphs
    let signs: Signs

    init(depth: ColorDepth, ascii: Bool) {
        self.depth = depth
        glyphs = ascii ? .ascii : .unicode
        signs = ascii ? .ascii : .unicode
    }

    /// The style for a meaning at this colour depth.
    func style(_ role: Role) -> Style {
        switch depth {
        case .mono: Self.mono(role)
        case .eight: Self.few(role, bright: 0)
        case .sixteen: Self.few(role, bright: 8)
        case .indexed256, .truecolor: Self.many(role)
        }
    }

    subscript(_ role: Role) -> Style { style(role) }

    private static func mono(_ role: Role) -> Style {
        switch role {
        case .plain, .accent, .good: .plain
        case .dim, .border: Style(attributes: .dim)
        case .strong, .title, .warn, .key: Style(attributes: .bold)
        case .heading: Style(attributes: .underline)
        case .bad: Style(attributes: [.bold, .underline])
        case .selected, .current: Style(attributes: .reverse)
        }
    }

    private static func few(_ role: Role, bright: UInt8) -> Style {
        switch role {
        case .plain: .plain
        case .dim, .border: bright == 0 ? Style(attributes: .dim) : Style(foreground: .ansi(8))
        case .strong, .title: Style(attributes: .bold)
        case .heading: Style(foreground: .ansi(6), attributes: .bold)
        case .accent: Style(foreground: .ansi(6))
        case .good: Style(foreground: .ansi(2))
        case .warn: Style(foreground: .ansi(3), attributes: .bold)
        case .bad: Style(foreground: .ansi(1), attributes: .bold)
        case .key: Style(foreground: .ansi(6), attributes: .bold)
        case .selected, .current: Style(attributes: .reverse)
        }
    }

    /// Middle tones, which can be read on a dark and on a light background.
    private static func many(_ role: Role) -> Style {
        switch role {
        case .plain: .plain
        case .dim: Style(foreground: .indexed(245))
        case .border: Style(foreground: .indexed(242))
        case .strong, .title: Style(attributes: .bold)
        case .heading: Style(foreground: .indexed(67), attributes: .bold)
        case .accent: Style(foreground: .indexed(33))
        case .good: Style(foreground: .indexed(35))
        case .warn: Style(foreground: .indexed(172), attributes: .bold)
        case .bad: Style(foreground: .indexed(196), attributes: .bold)
        case .key: Style(foreground: .indexed(33), attributes: .bold)
        case .selected: Style(foreground: .indexed(231), background: .indexed(24))
        case .current: Style(foreground: .indexed(231), background: .indexed(24), attributes: .bold)
        }
    }
}
