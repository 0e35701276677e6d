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

    private let background: ConsoleOptions.Background?

    init(depth: ColorDepth, ascii: Bool, background: ConsoleOptions.Background? = nil) {
        self.depth = depth
        self.background = background
        glyphs = ascii ? .ascii : .unicode
        signs = ascii ? .ascii : .unicode
    }

    /// The style for a meaning at this colour depth.
    func style(_ role: Role) -> Style {
        switch depth {
        case .mono: Self.mono(role)
        case .eight: Self.few(role, bright: 0)
        case .sixteen: Self.few(role, bright: 8)
        case .indexed256, .truecolor: Self.toned(role, background) ?? Self.many(role)
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

    /// Where it is known what they stand on, light tones on dark and dark ones on light.
    private static func toned(_ role: Role, _ background: ConsoleOptions.Background?) -> Style? {
        guard let background else { return nil }
        func tone(_ dark: UInt8, _ light: UInt8) -> Color { .indexed(background == .dark ? dark : light) }
        switch role {
        case .plain, .strong, .title: return nil
        case .dim: return Style(foreground: tone(248, 240))
        case .border: return Style(foreground: tone(244, 246))
        case .heading: return Style(foreground: tone(110, 24), attributes: .bold)
        case .accent: return Style(foreground: tone(75, 25))
        case .good: return Style(foreground: tone(78, 28))
        case .warn: return Style(foreground: tone(214, 130), attributes: .bold)
        case .bad: return Style(foreground: tone(203, 160), attributes: .bold)
        case .key: return Style(foreground: tone(75, 25), attributes: .bold)
        case .selected: return Style(foreground: tone(231, 16), background: tone(24, 153))
        case .current: return Style(foreground: tone(231, 16), background: tone(24, 153), attributes: .bold)
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
