import Terminal

/// The help for the screen in view, made from the key table.
enum HelpScreen {
    static func entries(for context: KeyContext, _ abilities: KeyAbilities, ascii: Bool) -> [Help.Entry] {
        KeyTable.bindings(in: context, abilities).map { Help.Entry($0.label(ascii: ascii), $0.help) }
    }

    static func draw(_ input: ScreenInput, into frame: inout Frame) {
        let theme = input.theme
        let layout = ConsoleLayout(size: input.model.size)
        let context = input.model.viewContext
        let all = entries(for: context, input.model.abilities, ascii: input.isASCII)
        let offset = input.model.helpPager.offset
        let shown = Array(all.dropFirst(offset).prefix(layout.helpRows))
        let left = all.count - offset - shown.count
        let more = left > 0 ? ", \(left) more below" : ""
        Help(title: "Keys: \(context.title)\(more)", entries: shown)
            .draw(in: layout.body, into: &frame, glyphs: theme.glyphs, keyStyle: theme[.key])
    }
}
