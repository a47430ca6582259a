/// Bounds on the work that one query may ask for.
public struct QueryLimits: Sendable, Hashable {
    /// The most bytes of a query's text.
    public var maximumBytes: Int
    /// The most leaves of a tree, each term of a phrase, each value of a set, and those of `mustNot`
    /// and `filter` included.
    public var maximumClauses: Int
    /// The deepest nesting of parentheses, and half the deepest nesting of trees.
    public var maximumDepth: Int
    /// The most bytes of a pattern.
    public static let maximumPatternBytes = 1024
    /// The most bytes of the text of a more-like-this query.
    public static let maximumLikeBytes = 1 << 20
    /// The largest slop of a phrase.
    public static let maximumSlop: UInt32 = 1 << 16

    /// Limits; the defaults serve all but generated queries.
    public init(maximumBytes: Int = 1 << 20, maximumClauses: Int = 1024, maximumDepth: Int = 32) {
        self.maximumBytes = maximumBytes
        self.maximumClauses = maximumClauses
        self.maximumDepth = maximumDepth
    }
}
