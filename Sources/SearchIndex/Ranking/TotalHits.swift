/// How exactly a search counts the documents that match; counting costs time of its own.
public enum TotalCounting: Sendable, Hashable {
    /// All of them.
    case exact
    /// At least up to a number; beyond, the count may be any lower bound not below it.
    case upTo(UInt64)
    /// Not beyond what the search of the best hits finds out anyway.
    case none
}

/// How many documents match.
public struct TotalHits: Sendable, Hashable {
    /// The number, or a lower bound of it.
    public var count: UInt64
    /// Whether `count` is exact.
    public var isExact: Bool

    /// A number of matches.
    public init(count: UInt64, isExact: Bool) {
        self.count = count
        self.isExact = isExact
    }

    /// The matches of two disjoint collections.
    public static func + (left: TotalHits, right: TotalHits) -> TotalHits {
        TotalHits(
            count: left.count + right.count, isExact: left.isExact && right.isExact)
    }
}
