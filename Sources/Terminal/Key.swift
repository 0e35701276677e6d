/// A key as the operator pressed it.
public enum Key: Hashable, Sendable {
    /// A printing character, the space among them.
    case character(Character)
    case up, down, left, right
    case pageUp, pageDown, home, end
    case enter, tab, backTab, escape, backspace, delete, insert
    /// A function key, from 1.
    case function(Int)
    /// A letter or sign with Control, in lower case: `.control("c")`.
    case control(Character)
}
