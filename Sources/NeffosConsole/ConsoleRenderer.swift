import Terminal

/// The whole console as one picture.
enum ConsoleRenderer {
    /// A pure function: the same observatory, model and theme give the same cells.
    static func frame(_ live: any ObservatoryReading, _ model: ConsoleModel, theme: Theme) -> Frame {
        var frame = Frame(size: model.size, ascii: theme.glyphs.isASCII)
        let input = ScreenInput(model.shown(live), model, theme: theme)
        if model.isTooSmall {
            TooSmallScreen.draw(input, live: live, into: &frame)
            return frame
        }
        Header.draw(input, into: &frame)
        if model.isLogShown {
            LogPane.draw(input, into: &frame, in: ConsoleLayout(size: model.size).body, pager: model.logPager)
        } else {
            switch model.screen {
            case .overview: OverviewScreen.draw(input, into: &frame)
            case .connections: ConnectionsScreen.draw(input, into: &frame)
            case .rooms: RoomsScreen.draw(input, into: &frame)
            case .events: EventsScreen.draw(input, into: &frame)
            case .returns: ReturnsScreen.draw(input, into: &frame)
            case .nodes: NodesScreen.draw(input, into: &frame)
            }
        }
        Footer.draw(input, into: &frame)
        switch model.dialog {
        case .menu(let menu): ActionMenuBox.draw(menu, input, live: live, into: &frame)
        case .form(let form): ActionFormBox.draw(form, input, live: live, into: &frame)
        case .confirmation(let confirmation): ConfirmationBox.draw(confirmation, input, into: &frame)
        case .columns(let chooser): ColumnChooserBox.draw(chooser, input, into: &frame)
        case nil: break
        }
        if model.isHelpShown { HelpScreen.draw(input, into: &frame) }
        if model.isConfirmingQuit { QuitDialog.draw(input, live: live, into: &frame) }
        return frame
    }
}
