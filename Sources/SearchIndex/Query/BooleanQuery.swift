/// A combination of queries.
///
/// A document matches when every `must`, every `filter` and no `mustNot` matches it, and enough
/// `should` do: `minimumShouldMatch` of them, or, when that is 0, at least one if there is neither
/// a `must` nor a `filter`. A `should` beyond that only adds to the score.
public struct BooleanQuery: Sendable, Hashable {
    /// Queries that all have to match; they score.
    public let must: [Query]
    /// Queries that score where they match.
    public let should: [Query]
    /// Queries none of which may match; they never score.
    public let mustNot: [Query]
    /// Queries that all have to match; they never score.
    public let filter: [Query]
    /// How many of `should` have to match, at most their number; 0 for the usual rule.
    public let minimumShouldMatch: Int

    /// A combination.
    public init(
        must: [Query] = [], should: [Query] = [], mustNot: [Query] = [], filter: [Query] = [],
        minimumShouldMatch: Int = 0
    ) {
        self.must = must
        self.should = should
        self.mustNot = mustNot
        self.filter = filter
        self.minimumShouldMatch = minimumShouldMatch
    }
}
