/// Which part of a long list is in view.
public enum Scroll {
    /// The first row in view so that `selected` is seen, moved as little as possible from `offset`, with no free room at the end.
    public static func offset(_ offset: Int, selected: Int?, count: Int, height: Int) -> Int {
        guard height > 0, count > 0 else { return 0 }
        var first = offset
        if let selected {
            let row = min(max(0, selected), count - 1)
            first = max(min(first, row), row - height + 1)
        }
        return max(0, min(first, count - height))
    }
}
