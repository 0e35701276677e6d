/// The extent of a grid in character cells.
public struct Size: Hashable, Sendable {
    /// The number of cells across.
    public var columns: Int
    /// The number of cells down.
    public var rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
