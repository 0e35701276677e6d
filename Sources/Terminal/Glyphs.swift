/// The signs that screens are drawn with; each takes one cell.
public struct Glyphs: Hashable, Sendable {
    /// Whether these are ASCII only.
    public let isASCII: Bool
    public let horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: String
    public let teeLeft, teeRight, teeTop, teeBottom, cross: String
    /// Cells filled from the bottom, empty first; in unicode blocks of an eighth each.
    public let levels: [String]
    /// Cells filled from the left, empty first; the last one is full.
    public let bar: [String]
    public let arrowUp, arrowDown, arrowLeft, arrowRight, flow: String
    public let sortUp, sortDown: String
    public let rise, fall, steady: String
    /// The selected row, a marked one, one that is both, and the state of tree nodes.
    public let selection, mark, selectedMark, expanded, collapsed: String
    public let branch, lastBranch, bullet, good, bad, warning, open: String
    public let ellipsis: String
    public let middleDot: String

    public static let unicode = Glyphs(
        isASCII: false, horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
        teeLeft: "├", teeRight: "┤", teeTop: "┬", teeBottom: "┴", cross: "┼",
        levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], bar: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
        arrowUp: "↑", arrowDown: "↓", arrowLeft: "←", arrowRight: "→", flow: "►", sortUp: "▴", sortDown: "▾",
        rise: "▲", fall: "▼", steady: "=", selection: "▸", mark: "*", selectedMark: "◆", expanded: "▾", collapsed: "▸",
        branch: "├", lastBranch: "└", bullet: "•", good: "✓", bad: "✗", warning: "!", open: "●", ellipsis: "…", middleDot: "·")

    public static let ascii = Glyphs(
        isASCII: true, horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
        teeLeft: "+", teeRight: "+", teeTop: "+", teeBottom: "+", cross: "+",
        levels: [" ", ".", ":", "-", "=", "+", "*", "#"], bar: [" ", "#"],
        arrowUp: "^", arrowDown: "v", arrowLeft: "<", arrowRight: ">", flow: ">", sortUp: "^", sortDown: "v",
        rise: "^", fall: "v", steady: "=", selection: ">", mark: "*", selectedMark: "#", expanded: "-", collapsed: "+",
        branch: "|", lastBranch: "`", bullet: "*", good: "+", bad: "x", warning: "!", open: "o", ellipsis: "~", middleDot: ".")
}
