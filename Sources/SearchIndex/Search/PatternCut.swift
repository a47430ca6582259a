/// That a search took only some terms of a pattern in a shard: the first in byte order, as many as its
/// limits allow.
///
/// Every hit is one all the same, and the number of matches a lower bound: a pattern that leaves
/// documents out is never cut. Hits may be missing, and the score of one may be too low.
public struct PatternCut: Sendable, Hashable, CustomStringConvertible {
    /// The field in whose terms it was looked for.
    public let field: String
    /// As the query language writes it; of several that were cut the first.
    public let pattern: String
    /// How many terms were taken.
    public let termCount: Int
    /// How many other patterns of the query were cut in this shard.
    public internal(set) var otherCount = 0

    init(_ query: ExpansionQuery, termCount: Int) {
        field = query.field
        pattern = query.pattern.shown
        self.termCount = termCount
    }

    /// One sentence for people.
    public var description: String {
        let others =
            switch otherCount {
            case 0: ""
            case 1: ", and 1 other pattern too"
            default: ", and \(otherCount) other patterns too"
            }
        let shown = pattern.count > 100 ? pattern.prefix(100) + "…" : pattern[...]
        return "pattern \(field):\(shown) was cut to its first \(termCount) terms\(others)"
    }
}

/// A shard in which patterns were cut.
public struct ShardCut: Sendable, Hashable {
    /// Which shard of the index.
    public let shard: ShardNumber
    /// What was cut in it.
    public let cut: PatternCut

    /// A cut of a shard.
    public init(shard: ShardNumber, cut: PatternCut) {
        self.shard = shard
        self.cut = cut
    }
}
