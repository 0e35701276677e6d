/// Where text stands in the cells it is given.
public enum Alignment: Hashable, Sendable {
    case left, center, right
}
