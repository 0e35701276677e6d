/// What lies over a screen and takes the keys until it is answered.
enum Dialog: Sendable {
    case menu(ActionMenu)
    case form(ActionForm)
    case confirmation(Confirmation)
    case columns(ColumnChooser)
}
