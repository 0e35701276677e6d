import Testing

extension Tag {
    /// Needs a pseudo-terminal and terminfo.
    @Tag static var realTerminal: Tag
}
