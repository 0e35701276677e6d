extension Observatory {
    /// Whether a connection is open, without making its row.
    public func hasConnection(_ id: String) -> Bool { table.contains(id) }
}
