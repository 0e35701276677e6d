import NeffosObservatory
import Terminal

/// The screens in the first line: which there are, and where each stands.
struct HeaderTabs {
    struct Tab {
        var screen: ConsoleScreen
        var text: String
        var columns: Range<Int>
        var isCurrent: Bool
        var hasNews: Bool
    }

    let tabs: [Tab]

    /// Where room is short, only the one in view has its name: the address is worth more.
    init(_ input: ScreenInput) {
        let model = input.model
        let isAway = input.incidents.first.map { $0.isOpen } ?? false
        let full = Self.texts(model, isAway: isAway, isFull: true)
        let width = full.reduce(0) { $0 + TextWidth.of($1.text, ascii: model.isASCII) + 1 }
        let isFull = Header.needed(input) + 2 + width <= model.size.columns
        var column = model.size.columns
        tabs =
            (isFull ? full : Self.texts(model, isAway: isAway, isFull: false)).reversed().map { tab in
                let width = TextWidth.of(tab.text, ascii: model.isASCII)
                column -= width + 1
                return Tab(
                    screen: tab.screen, text: tab.text, columns: (column + 1)..<(column + 1 + width),
                    isCurrent: tab.screen == model.screen,
                    hasNews: tab.screen == .returns ? isAway : tab.screen == .nodes && model.nodes.hasTroubleElsewhere)
            }.reversed()
    }

    /// The first cell that they take.
    var start: Int { tabs.first?.columns.lowerBound ?? 0 }

    private static func texts(_ model: ConsoleModel, isAway: Bool, isFull: Bool) -> [(screen: ConsoleScreen, text: String)] {
        let glyphs = model.isASCII ? Glyphs.ascii : .unicode
        return ConsoleScreen.screens(hasNodes: model.nodes.areSeveral).map { screen in
            let isCurrent = screen == model.screen
            let name = isFull || isCurrent ? " \(screen.title)" : ""
            // The one in view stands out even where its cells are few.
            let margin = isCurrent || (isFull && model.size.columns >= 100) ? " " : ""
            return (screen, "\(margin)\(screen.rawValue)\(name)\(badge(screen))\(margin)")
        }

        func badge(_ screen: ConsoleScreen) -> String {
            guard screen == .returns ? isAway : screen == .nodes && model.nodes.hasTroubleElsewhere else { return "" }
            return model.isASCII ? glyphs.warning : glyphs.open
        }
    }
}
