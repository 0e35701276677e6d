import Terminal

/// The Rooms screen: the tree, and those who are in the selected place beside it, or, once they are opened, in its place.
struct RoomsLayout {
    /// From here on there are two columns.
    static let wide = 150

    let size: Size
    let isMembersOpen: Bool

    private var body: Rect { ConsoleLayout(size: size).body }
    var isWide: Bool { size.columns >= Self.wide }
    private var parts: [Rect] { body.splitColumns([.fill(11), .fill(9)], gap: 1) }

    /// Nil where the members have its place.
    var tree: Rect? { isWide ? parts[0] : isMembersOpen ? nil : body }
    /// Nil where the tree has its place.
    var members: Rect? { isWide ? parts[1] : isMembersOpen ? body : nil }
    /// Lines under title and header.
    var treeRows: Int { max(1, body.rows - 2) }
    var memberRows: Int { max(1, body.rows - 2) }
}
