/// Rows with branches, in the order in which they are shown.
public struct Tree: Sendable {
    public struct Node: Sendable {
        public var label: String
        /// Figures at the right edge.
        public var detail: String
        /// 0 for a root.
        public var depth: Int
        /// Nil for a leaf.
        public var isExpanded: Bool?
        public var style: Style

        public init(_ label: String, detail: String = "", depth: Int = 0, isExpanded: Bool? = nil, style: Style = .plain) {
            self.label = label
            self.detail = detail
            self.depth = depth
            self.isExpanded = isExpanded
            self.style = style
        }
    }

    /// All nodes that are not folded away.
    public var nodes: [Node]
    /// The first node in view.
    public var offset: Int
    public var selected: Int?

    public init(_ nodes: [Node], offset: Int = 0, selected: Int? = nil) {
        self.nodes = nodes
        self.offset = offset
        self.selected = selected
    }

    public func draw(in rect: Rect, into frame: inout Frame, glyphs: Glyphs) {
        guard !rect.isEmpty, offset >= 0, offset < nodes.count else { return }
        for index in offset..<min(nodes.count, offset + rect.rows) {
            let node = nodes[index]
            let line = rect.line(index - offset)
            let detail = node.detail.isEmpty ? 0 : TextWidth.of(node.detail, ascii: frame.ascii) + 1
            let used = min(detail, line.columns / 2)
            frame.put(
                prefix(index, glyphs: glyphs) + node.label, at: line.origin, columns: max(0, line.columns - used), style: node.style)
            if used > 1 {
                frame.put(
                    node.detail, at: Position(row: line.row, column: line.endColumn - used + 1), columns: used - 1, style: node.style,
                    align: .right)
            }
            if index == selected { frame.restyle(line) { $0.attributes.formUnion(.reverse) } }
        }
    }

    private func prefix(_ index: Int, glyphs: Glyphs) -> String {
        let node = nodes[index]
        let depth = min(16, max(0, node.depth))
        var prefix = depth > 0 ? String(repeating: "  ", count: depth - 1) + (isLast(index) ? glyphs.lastBranch : glyphs.branch) + " " : ""
        if let isExpanded = node.isExpanded { prefix += (isExpanded ? glyphs.expanded : glyphs.collapsed) + " " }
        return prefix
    }

    /// Whether no sibling comes after the node.
    private func isLast(_ index: Int) -> Bool {
        for next in nodes[(index + 1)...] where next.depth <= nodes[index].depth {
            return next.depth < nodes[index].depth
        }
        return true
    }
}
